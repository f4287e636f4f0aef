"""Records while they are being written. Oracle: damage done by hand, as a killed process would."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.campaigns.runner import run_campaign
from focalbook.campaigns.shelf import Shelf
from focalbook.campaigns.status import verify
from focalbook.io.manifest import forget, read_manifest
from focalbook.store import RecordError

from .rehearse import plan


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    run_campaign(plan(3), tmp_path)
    return Shelf(tmp_path, "trial")


def test_records_come_without_arrays(shelf: Shelf) -> None:
    records = list(shelf.records())
    assert {record.id for record in records} == shelf.done() == {run.id for run in plan(3).runs}
    assert all(record.arrays == {} for record in records)


def test_whole_records_are_taken_over(shelf: Shelf) -> None:
    run = min(shelf.done())
    forget(shelf.results, f"trial/{run}.json", f"trial/{run}.npz")
    assert shelf.tidy() == [f"took over {run}, which a killed process had finished"]
    assert {f"trial/{run}.json", f"trial/{run}.npz"} <= set(read_manifest(shelf.results))
    assert shelf.tidy() == []
    assert verify("trial", shelf.results) == {}


def test_parts_are_removed(shelf: Shelf) -> None:
    (shelf.folder / ".0123456789abcdef.json.aa.part").write_text("{")
    (shelf.folder / "0123456789abcdef.npz").write_bytes(b"PK")
    assert len(shelf.tidy()) == 2
    assert verify("trial", shelf.results) == {}


def test_parts_of_a_run_that_is_under_way_stay(shelf: Shelf) -> None:
    path = shelf.folder / "0123456789abcdef.npz"
    path.write_bytes(b"PK")
    with shelf.claim(path.stem) as mine:
        assert mine
        assert shelf.tidy() == []
    assert path.exists()


def test_damaged_records_stop_the_tidying(shelf: Shelf) -> None:
    run = min(shelf.done())
    forget(shelf.results, f"trial/{run}.json")
    (shelf.folder / f"{run}.json").write_text('{"schema": 1')
    with pytest.raises(RecordError, match="perhaps truncated"):
        shelf.tidy()
    assert (shelf.folder / f"{run}.npz").exists()


def test_results_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="is not a folder"):
        Shelf(tmp_path / "none", "trial")
    assert Shelf(tmp_path, "trial").tidy() == []
