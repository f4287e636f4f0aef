"""Bounds by a maximum: true ones are verified, false ones are not."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic import verify
from focalbook.symbolic.divergence import exponential
from focalbook.symbolic.focal import UNIT, gain, p, s
from focalbook.symbolic.gain import crossing
from focalbook.symbolic.kernel.ceiling import Ceiling, Summit
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.regret import DISCOUNT, P0, within

M = sp.Symbol("M", positive=True)
VALUES = p * (1 - p)


def ceiling(left: sp.Expr, right: sp.Expr, constant: sp.Symbol = M) -> Sign:
    return Sign(
        title="",
        left=left,
        right=right,
        relation=">=",
        domain={p: UNIT},
        cover={p: 1 / (1 + s)},
        method=Ceiling(constant, VALUES, p, sp.Integer(2)),
    )


def test_a_constant_is_not_below_what_it_is_the_maximum_of() -> None:
    assert verify(ceiling(2 * M, 2 * VALUES)).ok


def test_nothing_else_follows_from_that() -> None:
    assert not verify(ceiling(2 * VALUES, 2 * M)).ok  # the wrong way round
    assert not verify(ceiling(M, 2 * VALUES)).ok  # not the same multiple on both sides
    assert not verify(ceiling(-2 * M, -2 * VALUES)).ok


def test_a_strict_inequality_is_refused() -> None:
    step = ceiling(2 * M, 2 * VALUES)
    strict = Sign(
        title="", left=2 * M, right=2 * VALUES, domain=step.domain, cover=step.cover, method=step.method
    )
    assert not verify(strict).ok


def test_the_largest_discount_is_where_the_gain_falls_through_one() -> None:
    assert all(verify(step).ok for step in within())


def test_a_summit_with_another_derivative_or_turned_round_is_refused() -> None:
    factor = Sign(title="", left=1 / p, domain={p: UNIT}, cover={p: 1 / (1 + s)}, method=Terms())
    right = Identity(title="", left=sp.Derivative(DISCOUNT, p), right=(gain(p) - 1) / p)
    wrong = Identity(title="", left=sp.Derivative(DISCOUNT, p), right=(gain(p) - 2) / p)
    for derivative, sides, ok in (
        (right, (DISCOUNT.subs(p, P0), DISCOUNT), True),
        (right, (DISCOUNT, DISCOUNT.subs(p, P0)), False),
        (wrong, (DISCOUNT.subs(p, P0), DISCOUNT), False),
    ):
        step = Sign(
            title="",
            left=sides[0],
            right=sides[1],
            relation=">=",
            domain={p: UNIT},
            cover={p: 1 / (1 + s)},
            method=Summit(crossing(), derivative, factor, DISCOUNT, P0),
        )
        assert verify(step).ok is ok


def test_the_tangent_of_the_exponential_is_verified() -> None:
    assert all(verify(step).ok for step in exponential())
