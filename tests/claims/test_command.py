"""``focalbook claims``. Oracle: the documented output and exit statuses; statuses made worse by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from focalbook.claims import command, run
from focalbook.claims.record import FILE, read, statuses, write
from focalbook.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A results folder with two recorded claims."""
    write(run(["FE-8", "GC-8"]), tmp_path / FILE)
    return tmp_path


def _spoil(folder: Path, claim: str, status: str) -> None:
    content = json.loads((folder / FILE).read_text())
    for entry in content["claims"]:
        if entry["id"] == claim:
            entry["status"] = status
    (folder / FILE).write_text(json.dumps(content))


def test_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "FE-8", "gc-8", "--results", str(folder)]) == 0
    out, err = capsys.readouterr()
    rows = [line.split() for line in out.splitlines()]
    assert rows[0][:2] == ["claim", "status"]
    assert rows[1][:2] == ["FE-8", "proved"]
    assert rows[2][:2] == ["GC-8", "proved"]
    assert "2 claims: 2 proved" in out
    assert "0/2" in err, "the progress bar is on standard error"
    assert "\033" not in out


def test_worse_status_is_named_and_leaves_with_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(["FE-8"])
    monkeypatch.setattr(
        command, "run", lambda ids, progress: [replace(found[0], status="checked", reason="why")]
    )
    assert main(["claims", "FE-8", "--results", str(folder)]) == 1
    assert "worse than recorded: FE-8 was proved and is now checked: why" in capsys.readouterr().err


def test_better_status_is_fine_and_is_recorded(folder: Path) -> None:
    _spoil(folder, "FE-8", "checked")
    assert main(["claims", "FE-8", "--results", str(folder)]) == 0
    assert main(["claims", "FE-8", "--record", "--results", str(folder)]) == 0
    assert statuses(read(folder / FILE)) == {"FE-8": "proved", "GC-8": "proved"}


def test_worse_status_is_not_recorded_unless_accepted(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(["FE-8"])
    monkeypatch.setattr(command, "run", lambda ids, progress: [replace(found[0], status="checked")])
    before = (folder / FILE).read_bytes()
    assert main(["claims", "FE-8", "--record", "--results", str(folder)]) == 1
    assert (folder / FILE).read_bytes() == before
    assert "--accept-worse" in capsys.readouterr().err
    assert main(["claims", "FE-8", "--record", "--accept-worse", "--results", str(folder)]) == 1
    assert statuses(read(folder / FILE))["FE-8"] == "checked"


def test_failed_claim_leaves_with_one_even_where_nothing_is_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(["FE-8"])
    monkeypatch.setattr(command, "run", lambda ids, progress: [replace(found[0], status="failed")])
    assert main(["claims", "FE-8", "--results", str(tmp_path)]) == 1
    assert "failed: FE-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["FE-88"], "there is no claim 'FE-88'; the nearest is FE-8"),
        (["--accept-worse"], "--accept-worse says what to do with --record"),
        (["--record", "--results", "/nowhere/at/all"], "there is no folder /nowhere/at/all"),
    ],
)
def test_wrong_use_is_one_line_and_leaves_with_two(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"focalbook claims: {message}")
    assert err.count("\n") == 1


def test_damaged_record_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / FILE).write_text("{")
    assert main(["claims", "FE-8", "--results", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "FE-8", "--json", "--results", str(folder)]) == 0
    entry = json.loads(capsys.readouterr().out)[0]
    assert (entry["id"], entry["status"]) == ("FE-8", "proved")


def test_steps(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "FE-8", "--steps", "--results", str(folder)]) == 0
    out = capsys.readouterr().out
    assert out.count("✓") == 15
    assert "$k$ is strictly convex" in out


def test_list_checks_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run", None)
    assert main(["claims", "--list"]) == 0
    assert "FE-8    shah2026focal" in capsys.readouterr().out


def test_help_has_examples_and_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "--help"]) == 0
    out = capsys.readouterr().out
    assert "examples:" in out
    assert "focalbook claims --record" in out
    assert "proved, certified" in out
    assert "exit status" in out


def test_finds_the_record_above(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    results = folder / "results"
    results.mkdir()
    (folder / FILE).rename(results / FILE)
    (folder / "book").mkdir()
    monkeypatch.chdir(folder / "book")
    _spoil(results, "FE-8", "open")
    assert main(["claims", "FE-8"]) == 0
    assert " open " in capsys.readouterr().out
