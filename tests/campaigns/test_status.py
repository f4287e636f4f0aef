"""What is stored and whether it is sound. Oracles: means by hand, damage done by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from focalbook.campaigns.plan import parse_plan
from focalbook.campaigns.runner import run_campaign
from focalbook.campaigns.shelf import Shelf
from focalbook.campaigns.status import set_aside, stored_runs, table, verify

from .rehearse import plan

GRID = """
name = "trial"
experiment = "rehearsal"
report = ["mean", "other"]
[axes]
seed = [0, 1, 2]
gamma = [0.0, 1.0]
"""


def test_table(tmp_path: Path) -> None:
    grid = parse_plan(GRID)
    run_campaign(grid, tmp_path, limit=5)
    records = stored_runs(grid, Shelf(tmp_path, "trial"))
    headings, rows = table(grid, records)
    assert headings == ["gamma", "stored", "seconds", "mean", "other"]
    assert [row[:2] for row in rows] == [["0", "3/3"], ["1", "2/3"]]
    values = np.array([records[run.id].metrics["mean"].value for run in grid.runs[::2]])
    half = stats.t.ppf(0.975, 2) * values.std(ddof=1) / np.sqrt(3)
    assert rows[0][3] == f"{values.mean():.4g} ± {half:.4g}"
    assert rows[0][4] == "–"


def test_one_run_has_no_interval_and_none_has_no_value(tmp_path: Path) -> None:
    grid = parse_plan(GRID)
    run_campaign(grid, tmp_path, limit=1)
    records = stored_runs(grid, Shelf(tmp_path, "trial"))
    rows = table(grid, records)[1]
    assert "±" not in rows[0][3]
    assert rows[1][1:] == ["0/3", "–", "–", "–"]


def test_runs_of_other_plans_do_not_count(tmp_path: Path) -> None:
    run_campaign(plan(2, seconds=0.001), tmp_path)
    assert stored_runs(parse_plan(GRID), Shelf(tmp_path, "trial")) == {}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    run_campaign(plan(4), tmp_path)
    return tmp_path


def test_every_kind_of_damage_is_named_and_can_be_set_aside(kept: Path) -> None:
    one, two, three, four = (run.id for run in plan(4).runs)
    folder = kept / "trial"
    (folder / f"{one}.json").write_text((folder / f"{one}.json").read_text()[:50])
    (folder / f"{two}.npz").write_bytes((folder / f"{two}.npz").read_bytes()[:-30])
    (folder / f"{three}.npz").unlink()
    shutil.copy(folder / f"{four}.json", folder / "0123456789abcdef.json")
    wrong = verify("trial", kept)
    assert "perhaps truncated" in wrong[f"{one}.json"]
    assert "cannot be read, perhaps truncated" in wrong[f"{two}.json"]
    assert wrong[f"{two}.npz"] == "differs from what was recorded"
    assert wrong[f"{three}.npz"] == "in the manifest, but missing"
    assert set(wrong) == {
        f"{one}.json", f"{two}.json", f"{two}.npz", f"{three}.json", f"{three}.npz", "0123456789abcdef.json",
    }  # fmt: skip
    moved = set_aside("trial", kept, list(wrong))
    assert verify("trial", kept) == {}
    assert (moved / f"{one}.json").exists()
    assert run_campaign(plan(4), kept).pending == 0
    assert verify("trial", kept) == {}


def test_a_record_under_a_wrong_name(kept: Path) -> None:
    one, two = (run.id for run in plan(2).runs)
    shutil.copy(kept / "trial" / f"{one}.json", kept / "trial" / f"{two}.json")
    shutil.copy(kept / "trial" / f"{one}.npz", kept / "trial" / f"{two}.npz")
    assert verify("trial", kept)[f"{two}.json"] == f"holds the record {one} of trial"
