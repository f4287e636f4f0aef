"""Landscape of two classes: oracle naive sums and the lowest point of the curves themselves."""

from __future__ import annotations

import numpy as np

from focalbook.figures import penalised_landscape
from focalbook.figures.style import figure


def test_curves_and_their_lowest_points() -> None:
    numbers = penalised_landscape.data()
    q, p, g = numbers.q, numbers.truth, numbers.gamma
    focal = -p * (1 - q) ** g * np.log(q) - (1 - p) * q**g * np.log(1 - q)
    size = -q * np.log(q) - (1 - q) * np.log(1 - q)
    np.testing.assert_allclose(numbers.focal, focal, rtol=1e-9)
    np.testing.assert_allclose(numbers.bound, -p * np.log(q) - (1 - p) * np.log(1 - q) - g * size, rtol=1e-9)
    assert (numbers.bound < numbers.focal).all()
    for curve, best in zip((numbers.focal, numbers.bound), numbers.best, strict=True):
        assert abs(q[curve.argmin()] - best) < 2e-3


def test_the_minimiser_of_the_bound_is_worse_than_the_truth() -> None:
    numbers = penalised_landscape.data()
    at = np.interp([numbers.best[1], numbers.truth], numbers.q, numbers.focal)
    assert at[0] > at[1]


def test_it_can_be_drawn() -> None:
    shown = figure(penalised_landscape.draw, penalised_landscape.data(), alt="Curves and maps", ncols=2)
    assert shown.light != shown.dark
