"""The multiplier as a root: oracle mpmath's numerical derivative of the loss."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import multiplier_sum
from focalbook.figures.style import figure


def slope(q: float, gamma: float) -> float:
    with mp.workdps(40):
        return -float(mp.diff(lambda x: (1 - x) ** gamma * -mp.log(x), mp.mpf(float(q))))


def test_every_class_reaches_the_level_and_the_sum_is_one() -> None:
    numbers = multiplier_sum.data((0.6, 0.3, 0.1), 2.0, points=50)
    for p, q in zip(numbers.p, numbers.q, strict=True):
        assert p * slope(q, 2.0) == pytest.approx(numbers.multiplier, rel=1e-12)
    assert numbers.q.sum() == pytest.approx(1.0, rel=1e-14)
    assert numbers.weighted[1, 7] == pytest.approx(0.3 * slope(numbers.grid[7], 2.0), rel=1e-12)


def test_the_sum_falls_through_one_at_the_multiplier() -> None:
    numbers = multiplier_sum.data((0.6, 0.3, 0.1), 2.0, points=401)
    assert (np.diff(numbers.sums) < 0).all()
    at = np.interp(np.log(numbers.multiplier), np.log(numbers.levels), numbers.sums)
    assert at == pytest.approx(1.0, abs=1e-3)


def test_it_can_be_drawn() -> None:
    shown = figure(multiplier_sum.draw, multiplier_sum.data(), alt="Curves and a level", ncols=2)
    assert shown.light != shown.dark
