"""Factors on the curvature. Oracle: the closed forms at a coin and at certainty."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import curvature_weight
from focalbook.figures.style import figure


def test_coin_and_certainty() -> None:
    d = curvature_weight.data(gamma=1.0, points=10_001)
    middle = len(d.q) // 2
    assert d.full[middle] == pytest.approx(1.5, abs=1e-3)
    np.testing.assert_allclose(d.understated[:, -1], (1 + np.array(d.gammas)) ** 2, rtol=2e-3)


def test_weight_is_below_from_e_to_the_minus_two_on() -> None:
    d = curvature_weight.data()
    assert (d.understated[:, d.q >= np.exp(-2.0)] > 1).all()
    assert (d.understated[:, d.q < 0.03] < 1).all()


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        curvature_weight.data(gamma=0.0)
    shown = figure(
        curvature_weight.draw, curvature_weight.data(points=50), alt="Factors of curvature", ncols=2
    )
    assert shown.light != shown.dark
