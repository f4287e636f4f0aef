"""Sentences and tables. Oracle: made-up records, where it is known by formula what they have to say."""

from __future__ import annotations

import pytest

from focalbook.book.environment import markdown_table
from focalbook.campaigns import curvature_prose as prose
from focalbook.campaigns.curvature_study import cells
from tests.curvature_runs import made

(FULL,) = cells(made(), title="made")
(SINGLE,) = cells(made(seeds=(0,)), title="one seed")
(LATE,) = cells(made(gammas=(1.0,), seeds=(0, 1)), title="late")


@pytest.mark.parametrize("cell", [FULL, SINGLE, LATE])
def test_tables_of_full_and_of_partly_filled_cells_can_be_shown(cell: object) -> None:
    one = [cell]
    for table in (
        prose.ratio_table(cell),  # type: ignore[arg-type]
        prose.calibration_table(cell),  # type: ignore[arg-type]
        prose.regime_table(one),  # type: ignore[arg-type]
        prose.correlation_table(one),  # type: ignore[arg-type]
        prose.given_confidence_table(one),  # type: ignore[arg-type]
        prose.sides_table(one),  # type: ignore[arg-type]
    ):
        assert "nan" not in markdown_table(*table)
    lines = prose.ratio_sentences(cell) + prose.summary(one)  # type: ignore[arg-type]
    assert lines
    assert not any("nan" in line for line in lines)


def test_sides_are_those_of_the_formula() -> None:
    # gap 0.05, 0.03, 0.01, -0.05: better at 1 and 2, as bad at 5 up to rounding; the place always bends more
    low_better, high_better, low_worse, high_worse = prose.sides(FULL, "cross-entropy hessian trace")
    assert (low_better, high_better, low_worse) == (0, 6, 0)
    assert high_worse <= 3
    assert prose.sides(LATE, "cross-entropy hessian trace") == (0, 0, 0, 0)
    assert "no pair to compare" in prose.summary([LATE])[0]


def test_sentences_say_what_intervals_say() -> None:
    top, trace, *_ = prose.ratio_sentences(FULL)
    assert trace.startswith("cross-entropy, trace: rises up to γ = 5 by the factor")
    assert "+1.00 in each of 3 seeds" in trace
    assert "1 seed so far, no interval" in prose.ratio_sentences(SINGLE)[0]
    assert top.startswith("cross-entropy, top")


def test_nothing_lies_outside_its_prediction_and_the_cell_is_memorised() -> None:
    off, runs, excess = prose.outside(FULL)
    assert (runs, excess) == (9, pytest.approx(0.0, abs=1e-12))
    assert off <= runs
    assert prose.regime_table([FULL])[1][0][1:4] == ["0.99", "memorised", "0.61"]
    assert prose.regime_table([LATE])[1] == []


def test_no_relation_is_told_where_intervals_hold_zero() -> None:
    # temperature leaves an error that depends on the seed alone, gap and confidence are functions of gamma
    assert all("after a temperature, in no relation" in x for x in prose.given_confidence_sentences([FULL]))
    assert all(x.count("in no relation") == 2 for x in prose.given_confidence_sentences([LATE]))
