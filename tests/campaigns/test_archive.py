"""Stored records; oracles: what was written, and damage done by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from focalbook.campaigns.archive import keep, results_folder, stored
from focalbook.io.manifest import check_manifest, read_manifest
from focalbook.store import Metric, Provenance, Record, RecordError

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")


def _record(seed: int) -> Record:
    arrays = {"x": np.arange(3.0) + seed}
    return Record("trial", {"seed": seed}, {"m": Metric(1.0, 0.5, 1.5, 3)}, 1.0, MADE, arrays)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    keep([_record(0), _record(1)], tmp_path)
    return tmp_path


def test_what_is_kept_is_found_again_and_in_the_manifest(kept: Path) -> None:
    found = {record.configuration["seed"]: record for record in stored("trial", kept)}
    assert set(found) == {0, 1}
    np.testing.assert_equal(dataclasses.asdict(found[1]), dataclasses.asdict(_record(1)))
    names = {f"trial/{_record(seed).id}.{ending}" for seed in (0, 1) for ending in ("json", "npz")}
    assert set(read_manifest(kept)) == names
    assert check_manifest(kept) == []


def test_keeping_twice_replaces(kept: Path) -> None:
    keep([dataclasses.replace(_record(0), seconds=9.0)], kept)
    assert sorted(record.seconds for record in stored("trial", kept)) == [1.0, 9.0]


def test_other_campaigns_are_not_touched_and_none_is_empty(kept: Path) -> None:
    keep([dataclasses.replace(_record(0), campaign="trial-2")], kept)
    assert len(stored("trial", kept)) == 2
    assert len(stored("trial-2", kept)) == 1
    assert stored("unknown", kept) == []


def test_damage_is_noticed(kept: Path) -> None:
    path = kept / "trial" / f"{_record(0).id}.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"value": 1.0', '"value": 2.0'), encoding="utf-8")
    with pytest.raises(RecordError, match="differs from what was recorded"):
        stored("trial", kept)
    path.unlink()
    with pytest.raises(RecordError, match="not both stored and in the manifest"):
        stored("trial", kept)


def test_a_file_that_the_manifest_does_not_know_is_noticed(kept: Path) -> None:
    (kept / "trial" / "extra.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RecordError, match=r"extra\.json"):
        stored("trial", kept)


def test_results_are_found_from_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "results").mkdir()
    with pytest.raises(RecordError, match="run this inside the project"):
        results_folder(tmp_path / "book")
    keep([_record(0)], tmp_path / "results")
    assert results_folder(tmp_path / "book") == tmp_path / "results"
