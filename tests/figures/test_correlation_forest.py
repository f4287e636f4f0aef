"""Rank correlations in panels. Oracle: made-up records, whose gap falls as the cross-entropy bends more."""

from __future__ import annotations

from focalbook.campaigns.curvature_study import cells
from focalbook.figures import correlation_forest
from focalbook.figures.panels import grid_of
from focalbook.figures.style import figure
from tests.curvature_runs import made


def test_correlations_are_those_within_seeds() -> None:
    numbers = correlation_forest.data(cells(made()))
    assert numbers.found[0]["cross-entropy, trace", "signed gap"].rows == (-1.0, -1.0, -1.0)


def test_it_can_be_drawn_where_nothing_is_defined() -> None:
    numbers = correlation_forest.data(cells(made(per_class=1) + made(gammas=(0.0, 1.0), per_class=2)))
    shown = figure(correlation_forest.draw, numbers, alt="Strokes and marks", **grid_of(2))
    assert shown.light != shown.dark
