"""The symbolic functions against the numerical package, which was written without them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp

from focalbook.symbolic.focal import curvature, gain, loss, slope
from focalbook.symbolic.gain import H_PRIME_FACTOR, K, gamma, p
from focalbook.theory.loss import (
    focal_curvature,
    focal_gain,
    focal_gain_derivative,
    focal_loss,
    focal_slope,
    gain_peak,
)

POINTS = [
    sp.Rational(1, 10**6),
    sp.Rational(1, 7),
    sp.Rational(1, 2),
    sp.Rational(9, 10),
    1 - sp.Rational(1, 10**6),
]
GAMMAS = [sp.Rational(1, 10), sp.Integer(1), sp.Rational(5, 2), sp.Integer(20)]


@pytest.mark.parametrize(
    ("symbolic", "numerical"),
    [(loss, focal_loss), (slope, focal_slope), (gain, focal_gain), (curvature, focal_curvature)],
)
def test_functions(symbolic: Callable[..., sp.Expr], numerical: Callable[..., np.ndarray]) -> None:
    for x in POINTS:
        for g in GAMMAS:
            exact = float(symbolic(sp.Rational(float(x)), sp.Rational(float(g))).evalf(40))
            assert numerical(float(x), float(g)) == pytest.approx(exact, rel=1e-11)


def test_factorised_derivative_of_the_gain() -> None:
    for x in POINTS:
        for g in GAMMAS:
            exact = float((H_PRIME_FACTOR * K).subs({p: x, gamma: g}).evalf(40))
            assert focal_gain_derivative(float(x), float(g)) == pytest.approx(exact, rel=1e-9)


def test_place_of_the_maximum() -> None:
    for g in GAMMAS:
        top = sp.Float(float(gain_peak(float(g))), 30)
        assert abs(float(K.subs({p: top, gamma: g}))) < 1e-13
