"""Cells, curves and paired ratios. Oracles: naive loops over records, SciPy's t interval, made-up records."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from focalbook.calibration import Estimate
from focalbook.campaigns.curvature_study import (
    backing,
    cells,
    curve,
    differences,
    direction,
    ratios,
    value_of,
)
from focalbook.campaigns.plan import load_plan
from focalbook.store import Record
from tests.curvature_runs import made, run

TRACE = "cross-entropy hessian trace"


def test_cells_are_what_differs_beside_gamma_and_seed() -> None:
    found = cells(made(per_class=20) + made(gammas=(0.0, 1.0), seeds=(4,), per_class=50), title="digits")
    assert [c.name for c in found] == ["digits, per_class 20", "digits, per_class 50"]
    assert found[0].gammas == (0.0, 1.0, 2.0, 5.0)
    assert (found[1].seeds, found[1].gammas) == ((4,), (0.0, 1.0))
    assert [c.name for c in cells(made())] == ["all runs"]
    assert cells([]) == []


@pytest.mark.parametrize("name", ["digits", "cifar100-small", "cifar100"])
def test_names_come_from_the_axes_of_any_plan(name: str) -> None:
    plan = load_plan(name)
    some = run(0.0, 0)
    records = [Record(name, r.configuration, some.metrics, 1.0, some.provenance) for r in plan.runs]
    found = cells([*records[::-1], some], plan, "data")
    labels = {", ".join(v for k, v in r.labels.items() if k not in ("gamma", "seed")) for r in plan.runs}
    assert {c.name.removeprefix("data").removeprefix(", ") for c in found} == labels
    assert sum(len(c.records) for c in found) == len(plan.runs)
    assert all(len(c.records) == len(c.gammas) * len(c.seeds) for c in found)


def test_tables_have_holes_where_runs_are_missing() -> None:
    records = [r for r in made() if (r.configuration["gamma"], r.configuration["seed"]) != (2.0, 1)]
    (cell,) = cells(records)
    table = cell.table(TRACE)
    assert np.isnan(table).sum() == 1
    assert math.isnan(table[1, 2])
    for record in records:
        place = cell.seeds.index(record.configuration["seed"]), cell.column(record.configuration["gamma"])
        assert table[place] == record.metrics[TRACE].value
    with pytest.raises(ValueError, match="no run has gamma = 3"):
        cell.column(3.0)


def test_curves_and_paired_ratios_agree_with_naive_loops() -> None:
    (cell,) = cells(made())
    by_run = {
        (r.configuration["gamma"], r.configuration["seed"]): r.metrics[TRACE].value for r in cell.records
    }
    for k, gamma in enumerate(cell.gammas):
        values = [by_run[gamma, s] for s in cell.seeds]
        mean, ratio, less = (f(cell, TRACE)[k] for f in (curve, ratios, differences))
        low, high = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
        np.testing.assert_allclose([mean.value, mean.low, mean.high], [np.mean(values), low, high])
        logs = [math.log(by_run[gamma, s] / by_run[0.0, s]) for s in cell.seeds]
        assert ratio.value == pytest.approx(math.exp(np.mean(logs)))
        assert less.value == pytest.approx(np.mean([by_run[gamma, s] - by_run[0.0, s] for s in cell.seeds]))
        if gamma > 0:
            ends = stats.t.interval(0.95, 2, np.mean(logs), stats.sem(logs))
            np.testing.assert_allclose([ratio.low, ratio.high], np.exp(ends))


def test_what_cannot_be_computed_is_nan_and_counted() -> None:
    (one,) = cells(made(gammas=(1.0, 2.0)))
    assert all(math.isnan(e.value) and e.n == 0 for e in ratios(one, TRACE))
    (single,) = cells(made(seeds=(0,)))
    assert all(math.isnan(e.low) and e.n == 1 for e in curve(single, TRACE))
    assert all(e.n == 0 for e in curve(single, "never measured"))
    negative = replace(run(0.0, 0), metrics={TRACE: replace(run(0.0, 0).metrics[TRACE], value=-1.0)})
    assert ratios(cells([negative])[0], TRACE)[0].n == 0


def test_derived_quantities() -> None:
    record = run(5.0, 1)
    assert value_of(record, "gamma") == 5.0
    assert value_of(record, "test confidence") == pytest.approx(0.75)
    assert value_of(record, "test absolute gap") == pytest.approx(0.05)
    m = record.metrics
    own, plain = m["training loss hessian trace"].value, m[TRACE].value
    assert value_of(record, "trace ratio") == own / plain
    assert math.isnan(value_of(replace(record, metrics={}), "top ratio"))


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.1, 0.2, "rises"),
        (-0.2, -0.1, "falls"),
        (-1, 1, "cannot be told"),
        (math.nan, math.nan, "cannot be told"),
    ],
)
def test_direction_is_what_the_interval_says(low: float, high: float, word: str) -> None:
    assert direction(Estimate(0.0, low, high, 3)) == word


def test_backing_counts_what_there_is() -> None:
    plan = load_plan("cifar100")
    assert backing([], plan) == "0 of 90 runs stored."
    assert backing(made()) == "12 runs, 3 seeds, cpu, 2026-01-01 to 2026-01-03, 1.2 minutes."
    assert backing(made(seeds=(0,))).startswith("4 runs, 1 seed, cpu, 2026-01-01,")
