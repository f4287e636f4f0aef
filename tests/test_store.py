"""Records of runs; oracles: hashlib on JSON written by hand, files damaged on purpose."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from focalbook import store
from focalbook.io.errors import DataFileError
from focalbook.store import (
    Metric,
    Provenance,
    Record,
    RecordError,
    configuration_id,
    read_record,
    record_text,
    write_record,
)

MADE = Provenance("cpu (x)", {"python": "3"}, "abc", False, "2026-01-01T00:00:00+00:00")


def example(**changes: object) -> Record:
    record = Record(
        "trial",
        {"gamma": 2.0, "hidden": [8, 8], "name": "ä"},
        {"ece": Metric(0.1, 0.05, 0.2, 50), "nll": Metric(np.inf, np.nan, np.inf, 1)},
        1.5,
        MADE,
        {"output": np.arange(6.0).reshape(2, 3), "digit": np.array([3, 1], dtype=np.int64)},
    )
    return dataclasses.replace(record, **changes)


def test_identifier_is_the_hash_of_canonical_json() -> None:
    text = '{"a":1,"b":[1,2.5],"c":null}'
    assert (
        configuration_id({"c": None, "b": (1, 2.5), "a": 1}) == hashlib.sha256(text.encode()).hexdigest()[:16]
    )
    with pytest.raises(ValueError, match="not JSON compliant"):
        configuration_id({"a": float("nan")})


def test_identifier_depends_on_campaign_and_configuration_alone() -> None:
    assert example().id == example(seconds=9.0, metrics={}).id
    assert len({example().id, example(campaign="other").id, example(configuration={}).id}) == 3


def test_round_trip(tmp_path: Path) -> None:
    record = example()
    path = write_record(record, tmp_path)
    found = read_record(path)
    assert path.name == f"{record.id}.json"
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{record.id}.json", f"{record.id}.npz"]
    np.testing.assert_equal(dataclasses.asdict(found), dataclasses.asdict(record))
    assert found.arrays["digit"].dtype == np.int64


def test_a_record_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    path = write_record(example(), tmp_path, "mine.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.json", "mine.npz"]
    assert path.read_text(encoding="utf-8") == record_text(example())
    np.testing.assert_equal(dataclasses.asdict(read_record(path)), dataclasses.asdict(example()))
    with pytest.raises(RecordError, match=r"ends in \.json"):
        write_record(example(), tmp_path, "mine.npz")


def test_json_is_standard_and_readable(tmp_path: Path) -> None:
    def refuse(text: str) -> None:
        raise AssertionError(f"{text} is not standard JSON")

    path = write_record(example(arrays={}), tmp_path)
    content = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    assert content["metrics"]["nll"] == {"value": "inf", "low": "nan", "high": "inf", "n": 1}
    assert not path.with_suffix(".npz").exists()


def test_writing_again_replaces(tmp_path: Path) -> None:
    write_record(example(), tmp_path)
    path = write_record(example(seconds=7.0), tmp_path)
    assert read_record(path).seconds == 7.0


def test_a_failed_write_leaves_the_old_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_record(example(), tmp_path)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(store.np, "savez_compressed", fail)
    with pytest.raises(RuntimeError, match="killed"):
        write_record(example(seconds=7.0), tmp_path)
    assert read_record(path).seconds == 1.5
    assert len(list(tmp_path.iterdir())) == 2


def edit(path: Path, **changes: object) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    content.update(changes)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": 2}, "schema 2, this version of focalbook reads 1"),
        ({"extra": 1}, r"missing or unknown keys \['extra'\]"),
        ({"configuration": {"gamma": 3.0}}, "does not fit the configuration"),
        ({"metrics": {"ece": {"value": 1.0}}}, "a value of the wrong kind"),
        ({"metrics": [1]}, "a value of the wrong kind"),
        ({"provenance": {"device": "cpu"}}, "a value of the wrong kind"),
        ({"arrays": {"other": {"shape": [1], "dtype": "<f8", "sha256": "0"}}}, "holds .* expected"),
    ],
)
def test_a_record_that_was_changed_is_refused(tmp_path: Path, changes: dict, message: str) -> None:
    path = write_record(example(), tmp_path)
    edit(path, **changes)
    with pytest.raises(RecordError, match=message):
        read_record(path)


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = write_record(example(), tmp_path)
    arrays = path.with_suffix(".npz")
    whole = arrays.read_bytes()
    arrays.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RecordError, match="perhaps truncated"):
        read_record(path)
    with arrays.open("wb") as handle:
        np.savez_compressed(handle, output=np.ones((2, 3)), digit=np.array([3, 1]))
    with pytest.raises(RecordError, match="array 'output' is not the one"):
        read_record(path)
    arrays.unlink()
    with pytest.raises(RecordError, match=r"npz: cannot be read"):
        read_record(path)
    path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")
    with pytest.raises(RecordError, match="not a JSON file"):
        read_record(path)
    with pytest.raises(RecordError, match="cannot be read"):
        read_record(tmp_path / "missing.json")


def test_objects_and_missing_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="holds Python objects"):
        write_record(example(arrays={"x": np.array([{}])}), tmp_path)
    with pytest.raises(DataFileError, match="does not exist"):
        write_record(example(), tmp_path / "nowhere")


def test_a_metric_needs_a_sample() -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        Metric(0.0, 0.0, 0.0, 0)


def test_provenance_names_versions_and_commit(root: Path) -> None:
    import torch

    made = store.provenance()
    assert made.versions["torch"] == torch.__version__
    assert made.device.startswith("cpu")
    if (root / ".git").exists():
        git = ["git", "-C", str(root), "rev-parse", "HEAD"]
        expected = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
        assert made.commit == expected


def test_provenance_outside_a_checkout_has_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*args: object, **kwargs: object) -> None:
        raise FileNotFoundError("git")

    monkeypatch.setattr(store.subprocess, "run", missing)
    store._source.cache_clear()
    try:
        assert store.provenance().commit is None
    finally:
        store._source.cache_clear()
