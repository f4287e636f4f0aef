"""Figure 1 remade: curves against the formula and against numerical differentiation by mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import loss_and_gradient
from focalbook.figures.style import figure


def test_loss_is_the_formula() -> None:
    numbers = loss_and_gradient.data((0.0, 0.5, 2.0), points=40)
    for gamma, curve in zip(numbers.gammas, numbers.loss, strict=True):
        np.testing.assert_allclose(
            curve, -((1 - numbers.q) ** gamma) * np.log(numbers.q), rtol=1e-12, atol=1e-15
        )


def test_gradient_is_the_numerical_derivative() -> None:
    numbers = loss_and_gradient.data((0.5, 2.0), points=9)
    for gamma, curve in zip(numbers.gammas, numbers.gradient, strict=True):
        for q, found in zip(numbers.q[1:-1], curve[1:-1], strict=True):
            exact = mp.diff(lambda x, g=gamma: -((1 - x) ** g) * mp.log(x), mp.mpf(float(q)))
            assert found == pytest.approx(float(exact), rel=1e-9)


def test_every_gradient_but_the_first_ends_at_zero() -> None:
    numbers = loss_and_gradient.data()
    assert numbers.gradient[:, -1].tolist() == [-1.0, 0.0, 0.0, 0.0, 0.0]


def test_it_can_be_drawn() -> None:
    shown = figure(
        loss_and_gradient.draw, loss_and_gradient.data(points=20), alt="Loss and gradient curves", ncols=2
    )
    assert shown.light != shown.dark
