"""Expansion at the maximum likelihood. Oracle: differences of the loss on the grid."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import expansion_at_mle
from focalbook.figures.style import figure


def test_slope_and_bend_are_those_of_the_loss() -> None:
    d = expansion_at_mle.data(((0.5, 1.0), (0.9, 2.0), (0.99, 2.0)), reach=1e-3, points=3)
    step = 1e-3
    np.testing.assert_allclose((d.loss[:, 2] - d.loss[:, 0]) / (2 * step), d.slope, atol=1e-6)
    np.testing.assert_allclose((d.loss[:, 2] + d.loss[:, 0]) / step**2, d.bend, atol=1e-6)
    assert d.bend[2] < 0  # concave there


def test_best_is_the_lowest_point() -> None:
    d = expansion_at_mle.data(points=4001)
    np.testing.assert_allclose(d.odds[np.arange(2), d.loss.argmin(axis=1)], d.best, atol=2e-3)


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="pairs"):
        expansion_at_mle.data(((1.0, 2.0),))
    shown = figure(expansion_at_mle.draw, expansion_at_mle.data(points=21), alt="Loss and parabolas", ncols=2)
    assert shown.light != shown.dark
