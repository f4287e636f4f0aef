"""Recording. Oracle: files written by hand, and equality of two recordings."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from focalbook.claims import CLAIMS, Result, run
from focalbook.claims.core import Check
from focalbook.claims.record import FILE, as_json, read, regressions, statuses, write
from focalbook.io.errors import DataFileError
from focalbook.io.manifest import MANIFEST, check_manifest


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return run(["FE-8", "GC-8"])


def test_recording_twice_gives_the_same_file(tmp_path: Path, results: list[Result]) -> None:
    write(results, tmp_path / FILE)
    first = (tmp_path / FILE).read_bytes(), (tmp_path / MANIFEST).read_bytes()
    write(run(["FE-8", "GC-8"]), tmp_path / FILE)
    assert ((tmp_path / FILE).read_bytes(), (tmp_path / MANIFEST).read_bytes()) == first
    assert check_manifest(tmp_path) == []


def test_content(tmp_path: Path, results: list[Result]) -> None:
    write(results, tmp_path / FILE)
    content = json.loads((tmp_path / FILE).read_text())
    assert content["order"][0] == "proved"
    assert {"python", "numpy", "sympy"} <= set(content["versions"])
    entry = content["claims"][0]
    assert (entry["id"], entry["status"], entry["chapter"]) == ("FE-8", "proved", "three-zones")
    assert entry["steps"] == entry["verified"] > 0
    assert entry["control"]["fails"] is True
    assert "seconds" not in json.dumps(content)
    assert statuses(read(tmp_path / FILE)) == {"FE-8": "proved", "GC-8": "proved"}


def test_claims_that_were_not_run_keep_their_entry_and_unknown_ones_go(
    tmp_path: Path, results: list[Result]
) -> None:
    write(results, tmp_path / FILE)
    content = json.loads((tmp_path / FILE).read_text())
    content["claims"].append({"id": "FE-999", "status": "proved"})
    content["claims"][1]["status"] = "checked"
    (tmp_path / FILE).write_text(json.dumps(content))
    write(results[:1], tmp_path / FILE)
    assert statuses(read(tmp_path / FILE)) == {"FE-8": "proved", "GC-8": "checked"}


def test_infinite_residuals_are_null(results: list[Result]) -> None:
    broken = replace(results[0], check=Check(math.inf, 1.0, 3, "here"))
    assert as_json(broken)["residual"] is None
    json.dumps(as_json(broken), allow_nan=False)


def test_residuals_keep_two_digits(results: list[Result]) -> None:
    assert as_json(replace(results[0], check=Check(1.23456e-13, 1.0, 3, "")))["residual"] == 1.2e-13


def test_regressions(results: list[Result]) -> None:
    good = {"FE-8": "proved", "GC-8": "checked"}
    assert regressions(results, good, whole=False) == []
    worse = [replace(results[0], status="checked", reason="because"), results[1]]
    assert regressions(worse, good, whole=False) == ["FE-8 was proved and is now checked: because"]
    assert regressions(results, {"FE-999": "proved"}, whole=False) == []
    assert regressions(results, {"FE-999": "proved"}, whole=True) == ["FE-999 was proved and is gone"]


def test_nothing_recorded(tmp_path: Path) -> None:
    assert read(tmp_path / FILE) == {}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 99, "claims": []}', '{"schema": 1, "claims": [1]}']
)
def test_damaged_record(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(DataFileError, match=FILE):
        read(tmp_path / FILE)


def test_the_record_of_the_project_is_whole(root: Path) -> None:
    recorded = read(root / "results" / FILE)
    assert list(recorded) == list(CLAIMS)
    assert check_manifest(root / "results") == []
