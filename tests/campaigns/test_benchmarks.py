"""Records of the benchmarks. Oracles: NumPy's quantiles, the files on disk, the manifest's own check."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from focalbook.campaigns import benchmarks
from focalbook.campaigns.benchmarks import Measured, by_contender, load, only, spread, store
from focalbook.io.manifest import check_manifest, read_manifest, update_manifest
from focalbook.store import Metric, RecordError

NAN = float("nan")


def _measured(gamma: float = 2.0, table: str = "loss") -> Measured:
    found = {"ours": {"ratio": Metric(1.5, 1.4, 1.7, 9), "least": Metric(3.0, NAN, NAN, 9)}, "absent": {}}
    return Measured(table, {"gamma": gamma, "rows": 4, "classes": 3}, found, 0.5)


def test_spread_is_the_median_with_quartiles() -> None:
    samples = list(np.random.default_rng(0).random(23))
    metric = spread(samples)
    assert [metric.low, metric.value, metric.high] == list(np.percentile(samples, [25, 50, 75]))
    assert metric.n == 23
    with pytest.raises(ValueError, match="at least one sample"):
        spread([])


def test_what_is_stored_comes_back(tmp_path: Path) -> None:
    store([_measured(0.5), _measured(2.0)], tmp_path, "a machine", {"kornia": "1.2.3"})
    records = load(tmp_path)
    assert check_manifest(tmp_path) == []
    assert len(read_manifest(tmp_path)) == len(records) == 2
    record = only(records, "loss", gamma=0.5)
    assert record.campaign == benchmarks.CAMPAIGN
    assert "a machine" in record.provenance.device
    assert record.provenance.versions["kornia"] == "1.2.3"
    back = by_contender(record)
    assert back["absent"] == {}
    assert back["ours"]["ratio"] == Metric(1.5, 1.4, 1.7, 9)
    assert np.isnan(back["ours"]["least"].low)


def test_a_new_run_replaces_the_run_before(tmp_path: Path) -> None:
    (tmp_path / "claims.json").write_text("{}")
    update_manifest(tmp_path, "claims.json")
    store([_measured(0.5), _measured(1.0)], tmp_path, "a machine")
    written = store([_measured(1.0), _measured(2.0)], tmp_path, "a machine")
    assert sorted((tmp_path / benchmarks.FOLDER).iterdir()) == sorted(written)
    names = {f"{benchmarks.FOLDER}/{path.name}" for path in written}
    assert set(read_manifest(tmp_path)) == names | {"claims.json"}
    assert check_manifest(tmp_path) == []


@pytest.mark.parametrize("tables", [[], [_measured(), _measured()]])
def test_tables_must_differ(tables: list[Measured], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="different settings"):
        store(tables, tmp_path, "a machine")
    assert list(tmp_path.iterdir()) == []


def test_a_name_must_not_look_like_a_separator(tmp_path: Path) -> None:
    odd = Measured("loss", {}, {"a: b": {}}, 0.0)
    with pytest.raises(ValueError, match="colon"):
        store([odd], tmp_path, "a machine")


def test_no_record_and_a_record_of_another_campaign_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no record"):
        load(tmp_path)
    [path] = store([_measured()], tmp_path, "a machine")
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"campaign": "another"}))
    with pytest.raises(RecordError):
        load(tmp_path)


def test_one_record_must_fit(tmp_path: Path) -> None:
    store([_measured(0.5), _measured(2.0)], tmp_path, "a machine")
    records = load(tmp_path)
    with pytest.raises(ValueError, match="found 0"):
        only(records, "loss", gamma=3.0)
    with pytest.raises(ValueError, match="found 2"):
        only(records, "loss")
