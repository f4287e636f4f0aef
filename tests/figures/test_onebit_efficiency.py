"""Efficiency against the mean. Oracle: closed form at threshold one, and the limits of the excess."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import onebit_efficiency
from focalbook.figures.style import figure


def test_curves() -> None:
    d = onebit_efficiency.data(points=80)
    np.testing.assert_allclose(d.fixed[0], d.mu / np.expm1(d.mu))
    assert (d.best >= d.fixed.max(axis=0) - 1e-15).all()
    assert (d.bound >= d.best).all()


def test_excess_stays_between_its_limits_in_the_end() -> None:
    d = onebit_efficiency.data()
    late = d.excess[d.wide > 8]
    assert late.min() == pytest.approx(d.limits[0], abs=3e-3)
    assert late.max() == pytest.approx(d.limits[1], abs=3e-3)


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        onebit_efficiency.data(taus=(0,))
    shown = figure(
        onebit_efficiency.draw,
        onebit_efficiency.data(points=50),
        alt="Efficiency falls to two over pi.",
        ncols=2,
    )
    assert shown.light != shown.dark
