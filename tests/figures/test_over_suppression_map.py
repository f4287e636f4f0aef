"""The map of over-suppression: oracle single problems solved one by one, and the sign of h - 1 at a head."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from focalbook.figures import over_suppression_map
from focalbook.figures.style import figure


def gain(p: float, gamma: float) -> float:
    return float((1 - p) ** gamma - gamma * p * (1 - p) ** (gamma - 1) * np.log(p))


def test_ratio_of_the_tail_by_one_equation() -> None:
    numbers = over_suppression_map.data(most=6, rare=50, rows=5)
    row, heads = 3, 4
    gamma, head, rare = numbers.gammas[row], 0.95 / heads, 0.05 / 50

    def excess(q: float) -> float:  # equal multipliers of head and tail; heads take what the tail leaves
        top = (1 - 50 * q) / heads
        return rare * gain(q, gamma) / q - head * gain(top, gamma) / top

    exact = brentq(excess, 1e-9, 0.0199, xtol=1e-18)
    assert numbers.ratio[row, heads - 1] == pytest.approx(exact / rare, rel=1e-9)


def test_border_separates_the_signs_for_a_fine_tail() -> None:
    numbers = over_suppression_map.data(most=10, rare=3000, rows=7)
    for row, gamma in enumerate(numbers.gammas):
        assert gain(0.95 / numbers.border[row], gamma) == pytest.approx(1.0, rel=1e-12)
        clear = np.abs(numbers.heads - numbers.border[row]) > 0.05 * numbers.border[row]
        lowered = numbers.ratio[row] < 1
        np.testing.assert_array_equal(lowered[clear], (numbers.heads > numbers.border[row])[clear])


def test_it_can_be_drawn() -> None:
    shown = figure(
        over_suppression_map.draw,
        over_suppression_map.data(most=5, rare=20, rows=7),
        alt="A map of two regions",
    )
    assert shown.light != shown.dark
