"""Measured beside predicted. Oracle: made-up records, which lie at an end of their prediction."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.curvature_study import cells
from focalbook.figures import curvature_rescaling
from focalbook.figures.panels import grid_of
from focalbook.figures.style import figure
from tests.curvature_runs import made


def test_made_runs_lie_at_an_end() -> None:
    (panel,) = curvature_rescaling.data(cells(made())).panels
    assert len(panel.trace) == 9
    nearest = np.minimum(np.abs(panel.trace - panel.low), np.abs(panel.trace - panel.high))
    np.testing.assert_allclose(nearest, 0.0, atol=1e-12)
    np.testing.assert_allclose(panel.top, panel.trace)


def test_it_can_be_drawn_with_a_cell_of_gamma_zero_alone() -> None:
    numbers = curvature_rescaling.data(cells(made(per_class=1) + made(gammas=(0.0,), per_class=2)))
    shown = figure(curvature_rescaling.draw, numbers, alt="Bars and dots", **grid_of(2))
    assert shown.light != shown.dark
