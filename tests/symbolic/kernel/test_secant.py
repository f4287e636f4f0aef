"""Convex functions below their secants: true ones are verified, false ones are not."""

from __future__ import annotations

import dataclasses

import sympy as sp

from focalbook.symbolic import verify
from focalbook.symbolic.focal import UNIT, s, t
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.secant import Secant
from focalbook.symbolic.kernel.sign import Sign

y, x, a, b = sp.symbols("y x a b", positive=True)
r = sp.Symbol("r", positive=True)
AREA = {"domain": {y: UNIT}, "cover": {y: 1 / (1 + s)}}


def secant(function: sp.Expr, curvature: sp.Expr, high: sp.Expr = b) -> Sign:
    convex = Sign(title="convex", left=curvature, method=Terms(), **AREA)
    return Sign(
        title="",
        left=(1 - x) * function.subs(y, a) + x * function.subs(y, high),
        right=function.subs(y, (1 - x) * a + x * high),
        relation=">=",
        domain={x: UNIT, a: UNIT, b: UNIT},
        cover={x: 1 / (1 + r), a: 1 / (1 + s), b: 1 / (1 + t)},
        method=Secant(convex, function, y, (a, high), x),
    )


def test_a_convex_function() -> None:
    assert verify(secant(1 / y, 2 / y**3)).ok


def test_a_concave_one_is_refused() -> None:
    assert not verify(secant(-1 / y, -2 / y**3)).ok


def test_another_second_derivative_is_refused() -> None:
    assert not verify(secant(1 / y, 3 / y**3)).ok


def test_a_strict_inequality_is_refused() -> None:
    assert not verify(dataclasses.replace(secant(1 / y, 2 / y**3), relation=">")).ok


def test_points_outside_the_interval_are_refused() -> None:
    assert not verify(secant(1 / y, 2 / y**3, high=b + 1)).ok


def test_the_sides_exchanged_are_refused() -> None:
    step = secant(1 / y, 2 / y**3)
    assert not verify(dataclasses.replace(step, left=step.right, right=step.left)).ok
