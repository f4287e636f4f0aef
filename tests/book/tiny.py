"""A tiny book with the settings of the real one."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
kernelspec:
  display_name: Python 3
  language: python
  name: python3
depends: {depends}
---
"""


def chapter(body: str, depends: str = "[data.txt]") -> str:
    """A page that runs code."""
    return HEAD.replace("{depends}", depends) + "\n" + body


@dataclass(frozen=True)
class TinyBook:
    """A book in a temporary folder."""

    root: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file; the name is its path from the root of the book."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment that the tests run in, at the root of the book."""
        return subprocess.run(
            arguments,
            cwd=self.root,
            env=os.environ | {"FOCALBOOK_REPOSITORY": ""} | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def build(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """Build as ``make book`` does, strictly, but without executing beforehand."""
        program = str(Path(sys.executable).parent / "jupyter-book")
        return self.run(program, "build", ".", "--all", "-n", "-W", "--keep-going", **environment)

    def execute(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Execute stale chapters as ``make book`` does."""
        return self.run(sys.executable, "-m", "focalbook.book.execute", *arguments)

    def page(self, name: str) -> str:
        """Text of a built page."""
        return (self.root / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8")
