"""``focalbook campaign``. Oracle: the documented output and exit statuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.campaigns.shelf import Shelf
from focalbook.cli import main

GRID = """
name = "trial"
title = "A trial"
experiment = "rehearsal"
report = ["mean"]
[axes]
seed = [0, 1]
gamma = [0.0, 2.0]
"""


@pytest.fixture
def grid(tmp_path: Path) -> str:
    path = tmp_path / "grid.toml"
    path.write_text(GRID)
    (tmp_path / "results").mkdir()
    return str(path)


@pytest.fixture
def results(tmp_path: Path) -> list[str]:
    return ["--results", str(tmp_path / "results")]


def test_plans(grid: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["campaign", "plan"]) == 0
    assert "Rehearsal of the machinery" in capsys.readouterr().out
    assert main(["campaign", "plan", grid]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["run", "seed", "gamma"]
    assert [line.split()[2:] for line in lines[1:]] == [["0", "0"], ["0", "2"], ["1", "0"], ["1", "2"]]


def test_run_status_and_verify(grid: str, results: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["campaign", "run", grid, "--limit", "3", "--budget", "1m", *results]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "trial: 3 stored, 0 failed, 1 of 4 pending" in captured.err
    assert main(["campaign", "status", grid, *results]) == 0
    out = capsys.readouterr().out
    assert "3 of 4 runs stored" in out
    assert out.splitlines()[0].split() == ["gamma", "stored", "seconds", "mean"]
    assert main(["campaign", "verify", grid, *results]) == 0
    assert "3 records read, 0 files with something wrong" in capsys.readouterr().out


def test_archive_and_merge(grid: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive, other = tmp_path / "a.zip", tmp_path / "other"
    other.mkdir()
    assert (
        main(["campaign", "run", grid, "--archive", str(archive), "--results", str(tmp_path / "results")])
        == 0
    )
    assert "4 records in" in capsys.readouterr().err
    assert main(["campaign", "merge", str(archive), "--results", str(other)]) == 0
    assert "4 added, 0 there already" in capsys.readouterr().out
    assert len(Shelf(other, "trial").done()) == 4


def test_damage_is_shown_and_set_aside(
    grid: str, tmp_path: Path, results: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["campaign", "run", grid, *results])
    path = min((tmp_path / "results" / "trial").glob("*.json"))
    path.write_text("{")
    capsys.readouterr()
    assert main(["campaign", "verify", grid, *results]) == 1
    assert f"{path.name}: {path}: not a JSON file" in capsys.readouterr().out
    assert main(["campaign", "run", grid, *results]) == 2
    assert "perhaps truncated" in capsys.readouterr().err
    assert main(["campaign", "verify", grid, "--set-aside", *results]) == 1
    assert main(["campaign", "run", grid, *results]) == 0
    assert main(["campaign", "verify", grid, *results]) == 0


def test_failed_runs_leave_with_one(
    grid: str, results: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path(grid).write_text(GRID.replace("[axes]", "[base]\nfails = true\n[axes]"))
    assert main(["campaign", "run", grid, *results]) == 1
    err = capsys.readouterr().err
    assert "the loss became nan" in err
    assert "4 failed, 4 of 4 pending" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "cifar1000"], "unknown campaign"),
        (["run", "GRID", "--budget", "soon"], "is not a time"),
        (["run", "GRID", "--limit", "0"], "--limit must be at least 1"),
        (["run", "GRID", "--archive", "no/such/folder.zip"], "does not exist"),
        (["merge", "none.zip"], "none.zip"),
        (["status", "GRID", "--results", "nowhere"], "is not a folder"),
    ],
)
def test_wrong_use_is_one_line(
    grid: str, results: list[str], words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [grid if word == "GRID" else word for word in words]
    extra = [] if "--results" in words else results
    assert main(["campaign", *words, *extra]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert len(err.strip().splitlines()) == 1
