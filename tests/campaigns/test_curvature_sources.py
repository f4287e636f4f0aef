"""Live and stored records. Oracle: records put on a shelf by hand, the plan, a second execution."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.campaigns import curvature_sources
from focalbook.campaigns.archive import keep
from focalbook.campaigns.plan import load_plan
from focalbook.store import Record, RecordError
from tests.curvature_runs import made, run


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reduced variant, made up instead of trained."""
    some = run(0.0, 0)
    records = tuple(
        Record("digits", r.configuration, some.metrics, 1.0, some.provenance)
        for r in load_plan("digits").runs
    )
    monkeypatch.setattr(curvature_sources, "live", lambda: records)


@pytest.mark.usefixtures("quick")
def test_absent_partial_and_foreign_records(tmp_path: Path) -> None:
    plan = load_plan("cifar100-small")
    live, small, full = curvature_sources.gather(tmp_path)
    assert [s.missing for s in (live, small, full)] == [0, 36, 90]
    assert "0 of 90 runs stored. The others: `focalbook campaign run cifar100`" in str(full)
    some = run(0.0, 0)
    stored = [
        Record(plan.name, r.configuration, some.metrics, 1.0, some.provenance, some.arrays)
        for r in plan.runs[:3]
    ]
    keep([*stored, *made(gammas=(0.0,), seeds=(9,), campaign=plan.name)], tmp_path)
    _, small, _ = curvature_sources.gather(tmp_path)
    assert (len(small.records), small.missing) == (3, 33)
    assert [c.name for c in small.cells] == ["CIFAR-100, all"]


@pytest.mark.usefixtures("quick")
def test_damage_is_noticed(tmp_path: Path) -> None:
    plan, some = load_plan("cifar100-small"), run(0.0, 0)
    (path,) = keep(
        [Record(plan.name, plan.runs[0].configuration, some.metrics, 1.0, some.provenance)], tmp_path
    )
    path.write_text(path.read_text().replace("0.8", "0.9"))
    with pytest.raises(RecordError):
        curvature_sources.gather(tmp_path)


def test_another_seed_is_the_plan_with_that_seed() -> None:
    found = curvature_sources.one_seed(7)
    wanted = [r.configuration for r in load_plan("digits").runs if r.configuration["seed"] == 0]
    assert [r.configuration for r in found] == [c | {"seed": 7} for c in wanted]
    assert all("cross-entropy hessian trace" in r.metrics for r in found)
