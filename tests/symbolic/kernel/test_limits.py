"""Limits of combinations. Oracle: combinations worked out by hand, and indeterminate ones."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic.kernel.equality import Limit, Series
from focalbook.symbolic.kernel.limits import Eventually, JointLimit, Oscillation, SumOfLimits
from focalbook.symbolic.kernel.methods import Chord, Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify

x, y, c, m = sp.symbols("x y c m", positive=True)


def _to(expr: sp.Expr, value: sp.Expr, variable: sp.Symbol = x) -> Limit:
    return Limit(title="", expr=expr, variable=variable, point=sp.oo, value=sp.sympify(value))


def test_sum_of_limits() -> None:
    parts = ((sp.S.One, _to(c + 1 / x, c)), (-sp.S.One, _to(1 / x, 0)))
    assert verify(SumOfLimits(title="", parts=parts, value=c)).ok
    assert not verify(SumOfLimits(title="", parts=parts, value=c + 1)).ok
    endless = ((sp.S.One, _to(x, sp.oo)), (-sp.S.One, _to(x + 1, sp.oo)))
    assert not verify(SumOfLimits(title="", parts=endless, value=-sp.S.One)).ok
    mixed = ((sp.S.One, _to(1 / x, 0)), (sp.S.One, _to(1 / y, 0, variable=y)))
    assert not verify(SumOfLimits(title="", parts=mixed, value=sp.S.Zero)).ok


def test_oscillation_needs_a_limit_that_depends_on_the_parameter() -> None:
    moving = SumOfLimits(title="", parts=((sp.S.One, _to(c + 1 / x, c)),), value=c)
    assert verify(Oscillation(title="", limit=moving, parameter=c, values=(sp.S.One, sp.Integer(2)))).ok
    assert not verify(Oscillation(title="", limit=moving, parameter=c, values=(sp.S.One, sp.S.One))).ok
    fixed = SumOfLimits(title="", parts=((sp.S.One, _to(1 / x, 0)),), value=sp.S.Zero)
    assert not verify(Oscillation(title="", limit=fixed, parameter=c, values=(sp.S.One, sp.Integer(2)))).ok


def test_joint_limit() -> None:
    mass = Limit(title="", expr=y, variable=y, point=m, value=m, direction="+-")
    assert verify(JointLimit(title="", factors=(mass, _to(c + 1 / x, c)))).ok
    assert not verify(JointLimit(title="", factors=(mass, _to(1 / x, 0)))).ok, "a limit of zero"
    assert not verify(JointLimit(title="", factors=(mass, _to(y + 1 / x, y)))).ok, "not separated"


def test_eventually() -> None:
    half = sp.Rational(1, 2)
    start = Series(title="", expr=1 + c * (half - x) * 1, variable=c, order=2, terms=1 + c * (half - x))
    up = Sign(
        title="",
        left=2 * (half - x),
        domain={x: sp.Interval.open(0, half)},
        cover={x: 1 / (2 + y)},
        method=Terms(),
    )
    good = Eventually(title="", series=start, direction=up, factor=sp.Integer(2))
    assert verify(good).ok
    assert good.facts() == (1 + c * (half - x) > 1,)
    assert not verify(Eventually(title="", series=start, direction=up)).ok, "twice the coefficient"
    assert not verify(Eventually(title="", series=start, direction=up, factor=-sp.Integer(2))).ok


def test_chord_is_what_the_book_uses() -> None:
    inside = {"domain": {x: sp.Interval.open(0, sp.Rational(1, 2))}, "cover": {x: 1 / (2 + y)}}
    lens = Sign(title="", left=(1 - x) * sp.log(1 - x) - x * sp.log(x), method=Chord(x), **inside)
    assert verify(lens).ok
