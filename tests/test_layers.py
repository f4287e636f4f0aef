"""Who may import whom. Oracle: import-linter with the contracts of pyproject.toml; it must see an offence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).parent / "lint-imports")
    environment = os.environ | {"PYTHONPATH": str(folder)}
    command = [program, "--no-cache"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_contracts_hold(root: Path) -> None:
    linted = _lint(root)
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(
    ("module", "offence"),
    [
        ("theory/loss.py", "import focalbook.nn"),
        ("theory/loss.py", "import focalbook.symbolic"),
        ("theory/loss.py", "import torch"),
        ("nn/loss.py", "from focalbook.figures import style"),
    ],
)
def test_an_offence_is_noticed(root: Path, tmp_path: Path, module: str, offence: str) -> None:
    shutil.copytree(root / "focalbook", tmp_path / "focalbook", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    path = tmp_path / "focalbook" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n\ndef _late() -> None:\n    {offence}\n")
    linted = _lint(tmp_path)
    assert linted.returncode == 1, linted.stdout
    assert "BROKEN" in linted.stdout


def test_importing_the_package_brings_in_nothing_heavy() -> None:
    code = (
        "import sys, focalbook; print(sorted({'torch', 'matplotlib', 'sympy', 'scipy'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
