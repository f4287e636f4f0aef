"""Records as a table. Oracle: the records themselves."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from focalbook.campaigns.archive import keep
from focalbook.campaigns.frame import frame, load_frame
from focalbook.campaigns.runner import run_campaign
from focalbook.campaigns.shelf import Shelf
from focalbook.store import Metric, Provenance, Record

from .rehearse import plan

MADE = Provenance("cpu (x)", {"numpy": "2"}, "abc", True, "2026-01-01T00:00:00+00:00")


def _record(seed: int) -> Record:
    configuration = {"seed": seed, "options": {"width": 2}, "hidden": [3, 4], "gamma": 1.0}
    metrics = {"ece": Metric(0.1 * seed, 0.0, 1.0, 50), "gamma": Metric(1.1, np.nan, np.nan, 2)}
    return Record("trial", configuration, metrics, 2.0, MADE)


def test_columns() -> None:
    table = frame([_record(1), _record(2)])
    assert list(table["ece"]) == [0.1, 0.2]
    assert list(table["ece n"]) == [50, 50]
    assert list(table["options.width"]) == [2, 2]
    assert table["hidden"].iloc[0] == (3, 4)
    assert list(table["gamma"]) == [1.0, 1.0]
    assert list(table["measured gamma"]) == [1.1, 1.1]
    assert table.index[0] == _record(1).id
    assert bool(table["dirty"].iloc[0])
    assert (table["device"].iloc[0], table["commit"].iloc[0]) == ("cpu (x)", "abc")


def test_rows_of_a_folder(tmp_path: Path) -> None:
    run_campaign(plan(3), tmp_path)
    table = load_frame("trial", tmp_path)
    assert set(table.index) == Shelf(tmp_path, "trial").done()
    assert load_frame("none", tmp_path).empty


def test_hundreds_of_records(tmp_path: Path) -> None:
    """That it takes less than a second is measured by ``python -m benchmarks.campaigns``."""
    keep([dataclasses.replace(_record(seed), seconds=float(seed)) for seed in range(300)], tmp_path)
    table = load_frame("trial", tmp_path)
    assert sorted(table["seconds"]) == list(range(300))
