"""Orders of the remainder. Oracle: the exponents known in closed form."""

from __future__ import annotations

import numpy as np

from focalbook.figures import irregular_families
from focalbook.figures.style import figure


def test_orders() -> None:
    numbers = irregular_families.data()
    np.testing.assert_allclose(numbers.order, [3.0, 3.0, 3.0, 2.5, 1.0], atol=0.03)
    assert len(irregular_families.NAMES) == len(numbers.off)


def test_leading_coefficients() -> None:
    numbers = irregular_families.data()
    lead = numbers.off[:, 0] / numbers.step[0] ** np.array([3, 3, 3, 2.5, 1])
    np.testing.assert_allclose(lead, [1 / 3, 1 / 3, 1 / 6, 4.0, 1.0], rtol=0.02)


def test_it_draws() -> None:
    shown = figure(irregular_families.draw, irregular_families.data(points=20), alt="Five straight lines")
    assert shown.light != shown.dark
