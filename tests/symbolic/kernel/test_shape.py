"""Shapes of functions. Oracle: functions whose shape is known, with one premise spoilt at a time."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from focalbook.symbolic.gain import profile, sign_change
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.shape import Bijection, SignOf
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify
from focalbook.symbolic.optimum import multiplier

x, y = sp.symbols("x y", positive=True)


def _limit(expr: sp.Expr, point: sp.Expr, value: sp.Expr) -> Limit:
    return Limit(title="", expr=expr, variable=x, point=point, value=value)


def _falling() -> Bijection:
    return Bijection(
        title="",
        expr=1 / x,
        variable=x,
        monotone=Sign(title="", left=1 / x**2, method=Terms()),
        left=_limit(1 / x, sp.S.Zero, sp.oo),
        right=_limit(1 / x, sp.oo, sp.S.Zero),
    )


def test_bijection() -> None:
    step = _falling()
    assert verify(step).ok
    assert step.decreasing
    a, b = sp.symbols("x y", real=True)
    assert step.facts()[0] == sp.And(
        sp.Equivalent(a < b, 1 / a > 1 / b), sp.Equivalent(sp.Eq(a, b), sp.Eq(1 / a, 1 / b))
    )


def test_bijection_refuses_other_premises() -> None:
    other = Sign(title="", left=1 / x, method=Terms())
    assert not verify(replace(_falling(), monotone=other)).ok
    assert not verify(replace(_falling(), left=_limit(2 / x, sp.S.Zero, sp.oo))).ok
    weak = Sign(title="", left=1 / x**2, relation=">=", method=Terms())
    assert not verify(replace(_falling(), monotone=weak)).ok


def test_sign_of() -> None:
    growing = Sign(title="", left=2 * x, method=Terms())
    step = SignOf(title="", expr=x**2 - y**2, variable=x, root=y, growing=growing)
    assert verify(step).ok
    assert not verify(replace(step, expr=x**2 - y**2 + 1)).ok
    assert not verify(replace(step, growing=Sign(title="", left=x, method=Terms()))).ok


def test_sign_change_needs_every_premise() -> None:
    step = sign_change()
    assert verify(step).ok
    flat = replace(step.end_slope, value=sp.S.Zero)
    assert not verify(replace(step, end_slope=flat)).ok
    assert not verify(replace(step, convex=replace(step.convex, left=-step.convex.left))).ok
    assert not verify(replace(step, start=replace(step.start, value=-sp.oo))).ok
    assert not verify(replace(step, expr=step.expr + 1)).ok


def test_budget_root_needs_matching_premises() -> None:
    step = multiplier()
    assert verify(step).ok
    assert not verify(replace(step, product=Identity(title="", left=x, right=x))).ok
    assert not verify(replace(step, slope=_falling())).ok
    assert not verify(replace(step, bounded=sign_change())).ok
    assert verify(replace(step, bounded=profile())).ok


def test_monotone_on_a_part_of_the_interval_is_not_enough() -> None:
    part = Sign(
        title="",
        left=1 / x**2,
        domain={x: sp.Interval.open(0, 1)},
        cover={x: 1 / (1 + y)},
        method=Terms(),
    )
    assert verify(part).ok
    assert not verify(replace(_falling(), monotone=part)).ok


def test_sign_change_needs_one_interval() -> None:
    step = sign_change()
    elsewhere = replace(
        step.start, point=sp.Rational(1, 2), value=step.expr.subs(step.variable, sp.Rational(1, 2))
    )
    assert not verify(replace(step, start=elsewhere)).ok
