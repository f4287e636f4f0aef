"""Limits of finite sums. Oracle: sums whose limit is known, and premises that do not fit."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic import verify
from focalbook.symbolic.focal import i, u
from focalbook.symbolic.kernel.equality import Limit, Squeeze
from focalbook.symbolic.kernel.finite import FiniteSumLimit
from focalbook.symbolic.kernel.limits import JointLimit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign

w = sp.IndexedBase("w", positive=True)
x = sp.Symbol("x", positive=True)
COSINE = Limit(title="", expr=2 * sp.cos(u), variable=u, point=sp.S.Zero, value=sp.Integer(2))


def total(term: Limit | JointLimit, value: sp.Expr, weight: sp.Expr = w[i]) -> FiniteSumLimit:
    return FiniteSumLimit(title="", term=term, weight=weight, names={w[i]: sp.S.One}, value=value, index=i)


def test_limits_are_added_with_their_weights() -> None:
    assert verify(total(COSINE, sp.Integer(2))).ok
    assert not verify(total(COSINE, sp.S.One)).ok


def test_weights_must_stand_still_and_have_a_known_sum() -> None:
    assert not verify(total(COSINE, sp.Integer(2), w[i] * (1 + u))).ok
    assert not verify(total(COSINE, sp.Integer(2), w[i] ** 2)).ok


def test_limit_of_a_term_must_be_finite_and_true() -> None:
    infinite = Limit(title="", expr=1 / u, variable=u, point=sp.S.Zero, value=sp.oo)
    assert not verify(total(infinite, sp.oo)).ok
    wrong = Limit(title="", expr=sp.cos(u), variable=u, point=sp.S.Zero, value=sp.Integer(2))
    assert not verify(total(wrong, sp.Integer(2))).ok


def test_a_squeezed_factor_counts_as_a_limit() -> None:
    below = Sign(title="", left=1 + u * x / (1 + x), right=sp.S.One, relation=">=", method=Terms())
    above = Sign(title="", left=1 + u, right=1 + u * x / (1 + x), relation=">=", method=Terms())
    squeeze = Squeeze(title="", below=below, above=above, variable=u, point=sp.S.Zero, value=sp.S.One)
    v = sp.Symbol("v", positive=True)
    factor = Limit(title="", expr=2 * sp.cos(v), variable=v, point=sp.S.Zero, value=sp.Integer(2))
    assert verify(squeeze).ok
    assert squeeze.expr == below.left
    assert verify(total(JointLimit(title="", factors=(squeeze, factor)), sp.Integer(2))).ok


def test_it_shows_the_sum() -> None:
    assert r"\sum_{i}" in total(COSINE, sp.Integer(2)).latex()
