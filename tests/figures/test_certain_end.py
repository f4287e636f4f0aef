"""Slope and curvature near q = 1: oracle mpmath and the exponents of claim GC-8."""

from __future__ import annotations

import mpmath as mp
import numpy as np

from focalbook.figures import certain_end
from focalbook.figures.style import figure


def test_curves_are_the_derivatives() -> None:
    numbers = certain_end.data((0.5, 2.0), points=6)
    with mp.workdps(60):
        for k, gamma in enumerate(numbers.gammas):
            for j, doubt in enumerate(numbers.doubt):
                q = 1 - mp.mpf(float(doubt))
                first, second = (
                    mp.diff(lambda x, g=gamma: -((1 - x) ** g) * mp.log(x), q, n) for n in (1, 2)
                )
                np.testing.assert_allclose(numbers.slope[k, j], float(-first), rtol=1e-10)
                np.testing.assert_allclose(numbers.curvature[k, j], float(second), rtol=1e-8)


def test_leading_terms_are_reached() -> None:
    numbers = certain_end.data()
    np.testing.assert_allclose(numbers.slope[:, -1], numbers.slope_limit[:, -1], rtol=1e-5)
    np.testing.assert_allclose(numbers.curvature[:, -1], numbers.curvature_limit[:, -1], rtol=1e-5)


def test_fitted_exponents() -> None:
    numbers = certain_end.data()
    x = np.log(numbers.doubt[-20:])
    slope = [np.polyfit(x, np.log(curve[-20:]), 1)[0] for curve in numbers.slope]
    bend = [np.polyfit(x, np.log(curve[-20:]), 1)[0] for curve in numbers.curvature]
    np.testing.assert_allclose(slope, numbers.gammas, atol=1e-4)
    np.testing.assert_allclose(bend, np.subtract(numbers.gammas, 1), atol=1e-4)


def test_it_can_be_drawn() -> None:
    shown = figure(certain_end.draw, certain_end.data(points=20), alt="Slope and curvature", ncols=2)
    assert shown.light != shown.dark
