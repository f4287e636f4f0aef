"""Curvature against an outcome. Oracle: single records."""

from __future__ import annotations

import pytest

from focalbook.campaigns.curvature_study import cells
from focalbook.figures import curvature_scatter
from focalbook.figures.panels import grid_of
from focalbook.figures.style import figure
from tests.curvature_runs import made, run

LABELS = ("trace", "gap, %")


def test_points_are_the_runs_in_per_cent() -> None:
    numbers = curvature_scatter.data(cells(made()), "cross-entropy hessian trace", "test gap", LABELS)
    assert numbers.y[0][2].tolist() == pytest.approx([5.0, 3.0, 1.0, -5.0])
    assert numbers.x[0][1, 3] == run(5.0, 1).metrics["cross-entropy hessian trace"].value


def test_it_can_be_drawn_with_holes() -> None:
    found = cells(made(per_class=1)[:-1] + made(gammas=(0.0,), seeds=(0,), per_class=2))
    numbers = curvature_scatter.data(found, "training loss hessian trace", "test gap", LABELS)
    shown = figure(curvature_scatter.draw, numbers, alt="Marks and lines", **grid_of(2))
    assert shown.light != shown.dark
