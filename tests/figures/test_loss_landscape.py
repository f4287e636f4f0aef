"""The landscape: oracle a loop over atoms, and the smallest value on the grid itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from focalbook.figures import loss_landscape
from focalbook.figures.style import figure


def naive(p: list[float], q: list[float], gamma: float) -> float:
    return sum(a * (1 - b) ** gamma * -math.log(b) for a, b in zip(p, q, strict=True))


def test_values() -> None:
    numbers = loss_landscape.data(points=50, cells=12)
    for row, gamma in enumerate(numbers.gammas):
        x = numbers.q[20]
        assert numbers.value[row, 20] == pytest.approx(naive([0.9, 0.1], [x, 1 - x], gamma), rel=1e-12)
    model = list(numbers.models[7])
    assert numbers.height[7] == pytest.approx(naive(list(numbers.truth), model, numbers.gamma3), rel=1e-12)


def test_marked_points_are_the_lowest() -> None:
    numbers = loss_landscape.data(points=2001, cells=40)
    assert (numbers.least <= numbers.value.min(axis=1) + 1e-15).all()
    lowest = numbers.q[numbers.value.argmin(axis=1)]
    np.testing.assert_allclose(lowest, numbers.lowest, atol=1e-3)
    best = naive(list(numbers.truth), list(numbers.minimiser), numbers.gamma3)
    assert best <= numbers.height.min()
    assert np.abs(numbers.models[numbers.height.argmin()] - numbers.minimiser).max() < 1 / 40


def test_it_can_be_drawn() -> None:
    shown = figure(
        loss_landscape.draw, loss_landscape.data(points=40, cells=12), alt="Curves and level lines", ncols=2
    )
    assert shown.light != shown.dark
