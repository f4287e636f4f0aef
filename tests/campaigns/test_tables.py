"""Tables of the experiment; oracles: numbers computed again by other functions, statistics by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from focalbook.campaigns import tables
from focalbook.campaigns.channel import channel
from focalbook.campaigns.known_posterior import CAMPAIGN, KnownPosterior
from focalbook.store import Metric, Provenance, Record
from focalbook.theory.minimizer import minimizer, multiplier

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")


def made(value: float, seed: int, gamma: float) -> Record:
    config = KnownPosterior(gammas=(gamma,), seeds=(seed,))
    names = [f"tv_{a}" for a in ("output_posterior", "output_minimizer", "recovered_posterior")]
    names += ["position_output", "position_recovered"]
    kinds = ("output", "recovered", "posterior")
    names += [f"expected_{score}_{kind}" for score in ("ece", "nll", "brier") for kind in kinds]
    metrics = {name: Metric(value, value, value, 10) for name in names}
    return Record(CAMPAIGN, config.of(config.runs()[0]), metrics, 1.0, MADE)


RECORDS = [made(value, seed, 2.0) for seed, value in enumerate((0.1, 0.2, 0.3))] + [made(0.5, 0, 0.0)]


def test_a_metric_is_averaged_over_seeds_with_students_interval() -> None:
    found = tables.metric(RECORDS, 2.0, "tv_output_posterior")
    assert found.value == pytest.approx(0.2)
    assert found.high - found.value == pytest.approx(4.302653 * 0.1 / np.sqrt(3), rel=1e-6)


def test_predictions_are_those_of_the_theory() -> None:
    headings, rows = tables.prediction(gammas=(2.0,))
    assert all(len(row) == len(headings) == 5 for row in rows)
    level, best = multiplier(channel(), 2.0), minimizer(channel(), 2.0)
    for digit, row in enumerate(rows):
        assert row[0] == str(digit)
        assert ("**" in row[2]) == (level[digit] > 1)
        assert float(row[2].strip("*")) == pytest.approx(level[digit], abs=6e-4)
        assert float(row[3]) == pytest.approx(best[digit].max(), abs=6e-3)
        assert float(row[4]) == pytest.approx(best[digit, -1] / 0.01, abs=6e-3)


def test_depth_stays_above_its_bound() -> None:
    headings, rows = tables.depth()
    for row in rows:
        assert len(row) == len(headings)
        bound = float(row[-1])
        assert all(bound < float(text.split()[0]) < 1 for text in row[1:-1])


def test_tables_of_records_have_a_row_for_each_gamma() -> None:
    for table in (tables.distances, tables.scores):
        headings, rows = table(RECORDS)
        assert all(len(row) == len(headings) for row in rows)
        assert [row[0] for row in rows[:2]] == ["0", "2"]
    assert tables.distances(RECORDS)[1][1][1] == "0.200\u00a0±\u00a00.248"
    assert tables.distances(RECORDS)[1][0][-2:] == ["", ""]


def test_scores_are_shown_as_excess_over_the_posterior() -> None:
    changed = []
    for i, record in enumerate(RECORDS[:3]):
        metrics = dict(record.metrics)
        metrics["expected_nll_output"] = Metric(
            record.metrics["expected_nll_output"].value + 0.01 * i, 0, 1, 9
        )
        changed.append(dataclasses.replace(record, metrics=metrics))
    row = tables.scores(changed)[1][0]
    assert row[3] == f"10.0\u00a0±\u00a0{4.302653 * 10 / np.sqrt(3):.1f}"
    assert row[4] == "0.0\u00a0±\u00a00.0"


def test_single_seeds_show_no_interval() -> None:
    only = [dataclasses.replace(RECORDS[0])]
    assert tables.distances(only)[1][0][1] == "0.100"
