"""The inverse Mills ratio of OB-4. Oracles: mpmath, and a false neighbour."""

from __future__ import annotations

import dataclasses

import mpmath
import pytest
import sympy as sp

from focalbook.symbolic import onebit_mills, verify


@pytest.mark.parametrize("z", [-30.0, -2.0, 0.0, 1.5, 9.0])
def test_weight_is_the_information_of_a_bit(z: float) -> None:
    with mpmath.workdps(250):
        want = mpmath.npdf(z) ** 2 / (mpmath.ncdf(z) * mpmath.ncdf(-z))
        got = onebit_mills.weight(sp.Rational(z)).evalf(30, maxn=2000)
        assert abs(got / sp.Float(str(want), 30) - 1) < 1e-20


def test_a_smaller_slope_is_not_verified() -> None:
    slowly, h = onebit_mills.slowly(), onebit_mills.hazard(onebit_mills.t)
    assert verify(slowly).ok
    less = sp.Rational(9, 10) - h * (h - onebit_mills.t)
    assert not verify(dataclasses.replace(slowly, left=less)).ok
