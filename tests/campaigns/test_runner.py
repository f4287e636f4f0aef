"""Carrying out campaigns. Oracles: the runs written out by hand; processes killed at many moments."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from focalbook.campaigns.archive import stored
from focalbook.campaigns.budget import Durations
from focalbook.campaigns.runner import Event, failure, run_campaign, shelve
from focalbook.campaigns.shelf import Shelf
from focalbook.campaigns.status import verify
from focalbook.io.errors import DataFileError
from focalbook.store import RecordError

from .rehearse import SERVER, carry_out, plan


def test_everything_is_stored_once(tmp_path: Path) -> None:
    first = run_campaign(plan(3), tmp_path)
    assert [event.kind for event in first.events] == ["stored"] * 3
    assert first.pending == 0
    records = {record.id: record for record in stored("trial", tmp_path)}
    assert set(records) == {run.id for run in plan(3).runs}
    more = run_campaign(plan(4), tmp_path)
    assert [event.run.labels["seed"] for event in more.events] == ["3"]


def test_limit(tmp_path: Path) -> None:
    outcome = run_campaign(plan(4), tmp_path, limit=2)
    assert len(outcome.events) == 2
    assert outcome.pending == 2
    assert run_campaign(plan(4), tmp_path).pending == 0


def test_a_failed_run_does_not_stop_the_others_and_is_tried_again(tmp_path: Path) -> None:
    outcome = run_campaign(plan(4, fails=(1,)), tmp_path)
    assert [event.kind for event in outcome.events] == ["stored", "failed", "stored", "stored"]
    assert "loss became nan" in outcome.of("failed")[0].message
    assert outcome.pending == 1
    assert len(run_campaign(plan(4, fails=(1,)), tmp_path).of("failed")) == 1


def test_which_errors_concern_one_run_alone() -> None:
    assert failure(FloatingPointError())
    assert failure(RuntimeError("CUDA out of memory. Tried to allocate"))
    assert not failure(RuntimeError("no such device"))


def test_a_run_that_does_not_fit_is_not_begun(tmp_path: Path) -> None:
    """Two runs of a second are known; with half a second left none is begun, and the call ends at once."""
    run_campaign(plan(2, seconds=1.0), tmp_path)
    outcome = run_campaign(plan(4, seconds=1.0), tmp_path, budget=0.5)
    assert [event.kind for event in outcome.events] == ["too long"] * 2
    assert outcome.events[0].seconds == pytest.approx(1.1, rel=0.2)
    assert outcome.seconds < 0.5
    assert outcome.pending == 2


def test_a_run_that_turns_out_too_long_is_given_up_and_its_kind_is_not_begun_again(tmp_path: Path) -> None:
    outcome = run_campaign(plan(3, seconds=0.1, epochs=50), tmp_path, budget=2.0)
    assert [event.kind for event in outcome.events] == ["too long"] * 3
    assert outcome.events[0].seconds == pytest.approx(5.75, rel=0.3)
    assert outcome.seconds < 1.0
    assert Shelf(tmp_path, "trial").done() == set()


def test_killed_at_many_moments(tmp_path: Path) -> None:
    """No record is ever lost or changed, and what is there is always sound."""
    runs, seconds, rng = 30, 0.01, np.random.default_rng(0)
    before: dict[str, bytes] = {}
    kills = 0
    while len(before) < runs and kills < 200:
        child = SERVER.Process(target=carry_out, args=(tmp_path, runs, seconds))
        child.start()
        child.join(float(rng.uniform(0.005, 0.12)))
        child.kill()
        child.join()
        kills += 1
        Shelf(tmp_path, "trial").tidy()
        assert verify("trial", tmp_path) == {}
        now = {path.name: path.read_bytes() for path in (tmp_path / "trial").glob("*.json")}
        assert all(now.get(name) == content for name, content in before.items()), "a record was lost"
        before = now
    assert len(before) == runs
    assert kills >= 10
    assert len(stored("trial", tmp_path)) == runs


def test_two_runners_share_the_work(tmp_path: Path) -> None:
    outcomes = SERVER.Queue()
    children = [SERVER.Process(target=carry_out, args=(tmp_path, 12, 0.05, outcomes)) for _ in range(2)]
    for child in children:
        child.start()
    found = [outcomes.get(timeout=60) for _ in children]
    for child in children:
        child.join()
    assert sum(one["stored"] for one in found) == 12, "double work, or none"
    assert all(one["failed"] == 0 for one in found)
    assert verify("trial", tmp_path) == {}
    assert len(stored("trial", tmp_path)) == 12


def test_a_full_disk_stops_the_campaign_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_campaign(plan(2), tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DataFileError, match="No space left on device"):
            run_campaign(plan(4), tmp_path)
    assert verify("trial", tmp_path) == {}
    assert len(stored("trial", tmp_path)) == 2
    assert run_campaign(plan(4), tmp_path).pending == 0


def test_damaged_records_stop_the_campaign(tmp_path: Path) -> None:
    run_campaign(plan(2), tmp_path)
    path = next((tmp_path / "trial").glob("*.json"))
    path.write_text(path.read_text()[:-20])
    with pytest.raises(RecordError, match=f"{path.name}: not a JSON file, perhaps truncated"):
        run_campaign(plan(3), tmp_path)


def test_a_record_of_another_run_is_refused(tmp_path: Path) -> None:
    run_campaign(plan(2), tmp_path)
    one, other = plan(2).runs
    record = next(r for r in Shelf(tmp_path, "trial").records() if r.id == one.id)
    with pytest.raises(RuntimeError, match="expected"):
        shelve(other, record, Shelf(tmp_path, "trial"), Durations())
    assert Event(one, "stored").message == ""
