"""The command line as a user meets it: help, errors in one line, exit statuses, start-up time."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from focalbook import __version__
from focalbook.cli import program
from focalbook.cli.errors import CommandError
from focalbook.cli.program import COMMANDS, main

RUN = [sys.executable, "-m", "focalbook"]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)
    assert "examples:" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_has_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"focalbook {name}" in out.split("examples:")[1]
    assert max(map(len, out.splitlines())) <= 110


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"focalbook {__version__}\n"


def test_without_a_command_there_is_help_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: focalbook" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["recovr"], "invalid choice: 'recovr'"),
        (["recover"], "the following arguments are required: IN, -o/--output, --gamma"),
        (["recover", "a", "-o", "b", "--gamma", "two"], "argument --gamma: invalid float value: 'two'"),
        (["recover", "a", "-o", "b", "--gamma", "2", "--format", "xls"], "invalid choice: 'xls'"),
        (["recover", "a", "-o", "b", "--gamma", "2", "--fo"], "unrecognized arguments: --fo"),
        (["serve", "--port", "x"], "invalid int value: 'x'"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert "--help'" in captured.err


def stand_in(monkeypatch: pytest.MonkeyPatch, outcome: object) -> None:
    """Replace the module of ``focalbook serve`` by one whose main returns or raises ``outcome``."""

    def run(_: argparse.Namespace) -> object:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    module = SimpleNamespace(add_arguments=lambda parser: None, main=run)
    monkeypatch.setattr(program.importlib, "import_module", lambda name: module)


@pytest.mark.parametrize(
    ("outcome", "status"), [(0, 0), (None, 0), (1, 1), (CommandError("no"), 2), (KeyboardInterrupt(), 130)]
)
def test_exit_statuses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], outcome: object, status: int
) -> None:
    stand_in(monkeypatch, outcome)
    assert main(["serve"]) == status
    err = capsys.readouterr().err
    if isinstance(outcome, CommandError):
        assert err == "focalbook serve: no\n"


def test_termination_unwinds_and_the_handler_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)

    class Terminate:
        def __bool__(self) -> bool:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)
            return True

    stand_in(monkeypatch, Terminate())
    with pytest.raises(SystemExit) as caught:
        main(["serve"])
    assert caught.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before


def test_help_starts_quickly_and_loads_nothing_heavy() -> None:
    """Under 0.3 s (the best of five: other work on the machine only adds), no numerical package imported."""
    loaded = (
        "import sys; from focalbook.cli import main; main(['--help'])\n"
        "heavy = 'numpy', 'scipy', 'torch', 'matplotlib', 'sympy', 'pyarrow', 'pandas'\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    times = []
    for _ in range(5):
        start = time.perf_counter()
        done = subprocess.run([*RUN, "--help"], capture_output=True, text=True, check=True, timeout=60)
        times.append(time.perf_counter() - start)
        assert done.stdout.startswith("usage: focalbook")
    assert min(times) < 0.3, times
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("module", ["focalbook", "focalbook.cli"])
def test_runs_as_a_module(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "--version"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, f"focalbook {__version__}\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_reader_that_leaves_a_pipe(tmp_path: Path, unbuffered: str) -> None:
    """``focalbook ... | head``: no traceback when the other side closes."""
    (tmp_path / "in.csv").write_bytes(b"a,b\n" + b"0.5,0.5\n" * 1_000_000)
    command = [*RUN, "recover", str(tmp_path / "in.csv"), "-o", "-", "--gamma", "2"]
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(10) == b"a,b\n0.5,0."
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1
