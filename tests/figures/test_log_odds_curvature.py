"""Loss and curvature in the log-odds. Oracle: differences of the loss."""

from __future__ import annotations

import numpy as np

from focalbook.figures import log_odds_curvature
from focalbook.figures.style import figure


def test_ratio_is_that_of_the_second_differences() -> None:
    numbers = log_odds_curvature.data(points=2801)
    step = numbers.log_odds[1] - numbers.log_odds[0]
    bend = np.diff(numbers.loss, 2, axis=1) / step**2
    inner = np.abs(numbers.log_odds[1:-1]) < 5
    want = (bend / bend[0])[:, inner]
    np.testing.assert_allclose(numbers.ratio[:, 1:-1][:, inner], want, rtol=1e-3, atol=1e-3)


def test_marks_lie_where_the_curves_cross() -> None:
    numbers = log_odds_curvature.data()
    for k in (1, 2, 3):
        at = np.interp(numbers.crossings[k], numbers.q, numbers.ratio[k])
        np.testing.assert_allclose(at, 1.0, atol=5e-3)
        assert abs(np.interp(numbers.threshold[k], numbers.q, numbers.ratio[k])) < 5e-3
    assert numbers.threshold[0] == 0


def test_it_can_be_drawn() -> None:
    shown = figure(
        log_odds_curvature.draw, log_odds_curvature.data(points=61), alt="Two panels of curves", ncols=2
    )
    assert shown.light != shown.dark
