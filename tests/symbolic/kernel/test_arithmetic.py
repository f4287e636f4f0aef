"""Linear arithmetic. Oracle: enumeration of a fine grid of rational points, and hand-made systems."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from focalbook.symbolic.kernel.arithmetic import NotLinear, satisfiable

a, b, c = sp.symbols("a b c", real=True)


@pytest.mark.parametrize(
    "formula",
    [
        sp.And(a > b, b > c, a <= c),
        sp.And(a + b > 1, sp.Eq(a, c), c + b <= 1),
        sp.And(sp.Eq(a, b), sp.Ne(a, b)),
        sp.And(sp.Equivalent(a < b, c > 0), a < b, c <= 0),
        sp.And(sp.Implies(a > 0, b > 0), sp.Implies(b > 0, c > 0), a > 0, c <= 0),
        sp.And(a > 0, b > 0, a + b < 0),
        sp.And(a < b, b < c, c < a),
        sp.And(2 * a + 3 * b <= 6, a >= 2, b > sp.Rational(2, 3)),
        sp.And(a > 1, a < 1),
        sp.And(sp.true, a < a - 1),
    ],
)
def test_contradictions_have_no_model(formula: sp.Basic) -> None:
    assert not satisfiable(formula)


@pytest.mark.parametrize(
    "formula",
    [
        sp.And(a > b, b > c, a > c),
        sp.And(2 * a + 3 * b <= 6, a >= 2, b >= sp.Rational(2, 3)),
        sp.Not(sp.Equivalent(a < b, c > 0)),
        sp.Not(sp.Equivalent(sp.Eq(a, b), sp.Eq(b, c))),
        sp.Or(a < b, b < a, sp.Eq(a, b)),
        sp.Implies(a > 0, a < 0),
        sp.Ne(a, b),
        sp.true,
    ],
)
def test_consistent_formulas_have_one(formula: sp.Basic) -> None:
    assert satisfiable(formula)


def test_agrees_with_enumeration_of_sign_patterns() -> None:
    """Random systems of small coefficients over three variables: a grid finds every open cell."""
    rng = np.random.default_rng(5)
    grid = [Fraction(k, 4) for k in range(-14, 15)]
    points = list(itertools.product(grid, repeat=2))
    agreed = 0
    for _ in range(120):
        rows = rng.integers(-2, 3, (4, 3))
        formula = sp.And(*(int(r[0]) * a + int(r[1]) * b + int(r[2]) < 0 for r in rows))
        found = any(all(r[0] * x + r[1] * y + r[2] < 0 for r in rows.tolist()) for x, y in points)
        if found:
            assert satisfiable(formula)
            agreed += 1
        elif not satisfiable(formula):
            agreed += 1
    assert agreed > 110  # the rest are cells that the grid misses


def test_refuses_what_is_not_linear() -> None:
    for formula in (a * b > 0, a**2 < 1, sp.sin(a) > 0, sp.sqrt(2) * a > 0):
        with pytest.raises(NotLinear):
            satisfiable(formula)


def test_symbols_with_one_name_and_different_assumptions_are_not_mixed_up() -> None:
    positive = sp.Symbol("a", positive=True)
    with pytest.raises(NotLinear, match="one name"):
        satisfiable(a < positive)
