"""Inequalities from inequalities. Oracle: arguments inside and outside the domain of what is reused."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Cases, Combine, Exponential, Known
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify

x, s, q = sp.symbols("x s q", positive=True)
g = sp.Symbol("gamma", nonnegative=True)
a = sp.Symbol("a", nonnegative=True)
UNIT = sp.Interval.open(0, 1)
INSIDE = {"domain": {q: UNIT}, "cover": {q: 1 / (1 + s)}}


def _log_below() -> Sign:
    return Sign(title="log", left=x, right=sp.log(1 + x), method=Growth(x, sp.S.Zero))


def test_known_at_other_arguments() -> None:
    twice = Sign(title="", left=2 * x, right=sp.log(1 + 2 * x), method=Known(_log_below(), {x: 2 * x}))
    assert verify(twice).ok
    outside = Sign(title="", left=-x, right=sp.log(1 - x), method=Known(_log_below(), {x: -x}))
    assert not verify(outside).ok


def test_known_needs_the_same_expression() -> None:
    assert not verify(Sign(title="", left=x, right=sp.log(1 + 2 * x), method=Known(_log_below(), {x: x}))).ok


def test_combine() -> None:
    odds = (1 - q) / q
    total = Sign(
        title="",
        left=3 * odds,
        right=-2 * sp.log(q),
        method=Combine(
            products=((sp.Integer(2), odds + sp.log(q)), (odds,)), uses=((_log_below(), {x: odds}),)
        ),
        **INSIDE,
    )
    assert verify(total).ok


def test_combine_refuses_a_sum_that_is_not_the_expression() -> None:
    odds = (1 - q) / q
    wrong = Sign(
        title="",
        left=odds,
        right=-2 * sp.log(q),
        method=Combine(products=((sp.Integer(2), odds + sp.log(q)),), uses=((_log_below(), {x: odds}),)),
        **INSIDE,
    )
    assert not verify(wrong).ok


def test_combine_refuses_a_factor_of_unknown_sign() -> None:
    wrong = Sign(title="", left=sp.log(q) * q, method=Combine(products=((q, sp.log(q)),)), **INSIDE)
    assert verify(wrong).state == "false"


def test_cases_have_to_cover_the_range() -> None:
    def part(interval: sp.Interval, cover: sp.Expr) -> Sign:
        return Sign(title="", left=1 + g, domain={g: interval}, cover={g: cover}, method=Terms())

    low, high = part(sp.Interval.Ropen(0, 1), a / (1 + a)), part(sp.Interval(1, sp.oo), 1 + a)
    assert verify(Sign(title="", left=1 + g, method=Cases(g, (low, high)))).ok
    assert not verify(Sign(title="", left=1 + g, method=Cases(g, (low,)))).ok
    assert not verify(Sign(title="", left=2 + g, method=Cases(g, (low, high)))).ok


def test_exponential() -> None:
    logs = Sign(title="", left=x, right=sp.log(1 + x), method=Growth(x, sp.S.Zero))
    good = Sign(title="", left=sp.exp(x), right=1 + x, method=Exponential(logs, sp.exp(x), 1 + x))
    assert verify(good).ok
    bad = Sign(title="", left=sp.exp(x), right=1 + 2 * x, method=Exponential(logs, sp.exp(x), 1 + 2 * x))
    assert not verify(bad).ok


def test_a_premise_that_does_not_hold_stops_everything() -> None:
    wrong = Sign(title="wrong", left=sp.log(1 + x), right=x, method=Growth(x, sp.S.Zero))
    rests = Sign(title="", left=sp.log(1 + x), right=x, method=Known(wrong, {x: x}))
    verdict = verify(rests)
    assert verdict.state == "false"
    assert "rests on “wrong”" in verdict.method


def test_an_argument_that_is_left_out_keeps_its_range() -> None:
    """1 - x > 0 on (0, 1) says nothing about every positive x."""
    unit = {"domain": {x: UNIT}, "cover": {x: 1 / (1 + s)}}
    step = Sign(title="", left=1 - x, method=Terms(), **unit)
    assert verify(Sign(title="", left=1 - x, method=Known(step), **unit)).ok
    assert not verify(Sign(title="", left=1 - x, method=Known(step))).ok
    product = Combine(products=((1 - x, x),), uses=((step, {}),))
    assert verify(Sign(title="", left=x * (1 - x), method=product, **unit)).ok
    assert not verify(Sign(title="", left=x * (1 - x), method=product)).ok


def test_ranges_that_depend_on_each_other_move_together() -> None:
    """q < x for q in (0, x): at half of x it says nothing about the q in (0, x)."""
    inside = {"domain": {q: sp.Interval.open(0, x)}, "cover": {q: x / (1 + s)}}
    step = Sign(title="", left=x, right=q, method=Terms(), **inside)
    assert verify(step).ok
    assert not verify(Sign(title="", left=x / 2, right=q, method=Known(step, {x: x / 2}), **inside)).ok
