"""FE-16: expressions of the derivation in numbers. Oracle: mpmath from the definition of the loss."""

from __future__ import annotations

from dataclasses import replace

import mpmath as mp
import pytest
import sympy as sp

from focalbook.symbolic import verify, weights
from focalbook.symbolic.focal import gamma, q


def slope(x: float, g: float) -> mp.mpf:
    return -mp.diff(lambda y: (1 - y) ** g * -mp.log(y), x)


@pytest.mark.parametrize(("score", "g", "alpha"), [(0.05, 2.0, 0.25), (0.7, 0.5, 0.9)])
def test_odds_in_numbers(score: float, g: float, alpha: float) -> None:
    odds = weights.pair()[-1]
    at = {q: score, gamma: g, weights.ALPHA: alpha}
    expected = (1 - alpha) / alpha * slope(1 - score, g) / slope(score, g)
    assert float(odds.right.subs(at)) == pytest.approx(float(expected), rel=1e-9)
    assert float(odds.left.subs(at)) == pytest.approx(float(expected), rel=1e-9)


def test_small_scores_in_numbers() -> None:
    limit = weights.small_outputs()
    near = limit.expr.subs({gamma: 2, q: sp.Rational(1, 10**8)}).evalf(30)
    assert float(near) == pytest.approx(1 / 3, rel=1e-6)


def test_another_power_is_refused() -> None:
    limit = weights.small_outputs()
    assert not verify(replace(limit, expr=limit.expr / q)).ok


def test_weights_of_the_wrong_side_are_refused() -> None:
    solved = weights.pair()[2]
    symbol, value = solved.condition or (None, None)
    swapped = value.subs(weights.ALPHA, 1 - weights.ALPHA)
    assert verify(solved).ok
    assert not verify(replace(solved, condition=(symbol, swapped))).ok
