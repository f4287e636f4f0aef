"""Cost of reports: oracle naive sums, and the equations of the minimiser for the cheapest report."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import propriety_grid
from focalbook.figures.style import figure


def slope(q: np.ndarray) -> np.ndarray:
    """Phi at gamma = 2, naively."""
    return (1 - q) ** 2 / q - 2 * (1 - q) * np.log(q)


def test_cheapest_report_is_the_truth_by_the_proper_score_alone() -> None:
    numbers = propriety_grid.data(2.0, cells=200)
    np.testing.assert_array_equal(numbers.cheapest[1], numbers.p)
    q, p = numbers.cheapest[0], numbers.p
    upper, lower = np.minimum(q + 0.005, 1 - 1e-9), np.maximum(q - 0.005, 1e-9)
    below, above = (p * slope(v) - (1 - p) * slope(1 - v) for v in (lower, upper))  # falls with v
    assert (below >= 0).all()
    assert (above <= 0).all()


def test_costs_are_naive_sums() -> None:
    numbers = propriety_grid.data(1.0, cells=20)
    truth, p = numbers.p[3], numbers.p
    cost = [truth * (1 - r) * -np.log(r) + (1 - truth) * r * -np.log(1 - r) for r in p]
    np.testing.assert_allclose(numbers.plain[:, 3], np.array(cost) - min(cost), atol=1e-13)
    assert numbers.proper.min() == pytest.approx(0.0, abs=1e-15)


def test_it_can_be_drawn() -> None:
    shown = figure(propriety_grid.draw, propriety_grid.data(cells=20), alt="Two maps of costs", ncols=2)
    assert shown.light != shown.dark
