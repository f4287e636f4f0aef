"""Divergences of two classes and what is left of them. Oracle: sums written out, fitted exponents."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import divergence_orders
from focalbook.figures.style import figure


def test_curves_are_the_divergences() -> None:
    d = divergence_orders.data(q=0.8, points=9)
    other = 1 / (1 + np.exp(-(np.log(4.0) + d.step)))
    want = 0.8 * np.log(0.8 / other) + 0.2 * np.log(0.2 / (1 - other))
    np.testing.assert_allclose(d.to, want, atol=1e-14)
    np.testing.assert_allclose(d.parabola, 0.08 * d.step**2)


def test_orders_are_three_and_four() -> None:
    d = divergence_orders.data()
    for values, order in ((d.rest, 3.0), (d.gap, 4.0)):
        found = np.log(values[:, 12] / values[:, 6]) / np.log(d.size[12] / d.size[6])
        np.testing.assert_allclose(found, order, atol=0.05)


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match=r"\(0, 1\)"):
        divergence_orders.data(q=1.0)
    shown = figure(divergence_orders.draw, divergence_orders.data(points=9), alt="Two divergences", ncols=2)
    assert shown.light != shown.dark
