"""Decay to a limit at infinity. Oracle: inequalities of the normal tail, true ones and false ones."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic.kernel.decay import Decay
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify

t = sp.Symbol("t", real=True)
x = sp.Symbol("x", positive=True)
c, d = sp.symbols("c d", positive=True)
TAIL = 1 - sp.erf(t)
LINE = {"domain": {t: sp.Interval(-sp.oo, sp.oo)}, "cover": {t: x - 1 / x}}


def test_the_normal_tail_is_positive_everywhere() -> None:
    assert verify(Sign(title="", left=TAIL, method=Decay(t), **LINE)).ok


def test_with_an_earlier_inequality_for_the_slope() -> None:
    tail = Sign(title="tail", left=TAIL, method=Decay(t), **LINE)
    mills = sp.exp(-(t**2)) / sp.sqrt(sp.pi) - t * TAIL
    assert verify(
        Sign(title="", left=mills, method=Decay(t, Combine(((TAIL,),), ((tail, {t: t}),))), **LINE)
    ).ok


def test_a_negative_limit_is_refused() -> None:
    assert not verify(Sign(title="", left=TAIL - 1, method=Decay(t), **LINE)).ok
    assert not verify(Sign(title="", left=sp.exp(-x) - sp.Rational(1, 2), method=Decay(x))).ok


def test_a_positive_limit_is_fine() -> None:
    assert verify(Sign(title="", left=1 + sp.exp(-x), method=Decay(x))).ok


def test_growing_ones_are_refused() -> None:
    assert not verify(Sign(title="", left=sp.erf(t), method=Decay(t), **LINE)).ok
    assert not verify(Sign(title="", left=1 - sp.exp(-x), method=Decay(x))).ok, "it rises to its limit"


def test_no_limit_or_an_infinite_one_is_refused() -> None:
    assert not verify(Sign(title="", left=sp.sin(x) + 2, method=Decay(x))).ok
    assert not verify(Sign(title="", left=-x, method=Decay(x))).ok


def test_a_range_that_ends_is_refused() -> None:
    inside = {"domain": {x: sp.Interval.open(0, 1)}, "cover": {x: 1 / (1 + c)}}
    assert not verify(Sign(title="", left=sp.exp(-x), method=Decay(x), **inside)).ok


def test_a_range_that_moves_with_the_variable_is_refused() -> None:
    inside = {"domain": {d: sp.Interval.open(0, x)}, "cover": {d: x * c / (1 + c)}}
    assert not verify(Sign(title="", left=sp.exp(-x) * d, method=Decay(x), **inside)).ok


def test_jumps_and_poles_are_refused() -> None:
    """False statements: the limit is zero and the slope negative wherever there is one."""
    for falling in (sp.acot(t), sp.atan(1 / t)):
        assert not verify(Sign(title="", left=falling, method=Decay(t), **LINE)).ok
    for falling in (1 / (x - 1), 1 / (x - 1) ** 3, sp.sign(x - 5) - 1 + sp.exp(-x), sp.coth(x - 3) - 1):
        assert not verify(Sign(title="", left=falling, relation=">=", method=Decay(x))).ok


def test_a_limit_that_depends_on_a_sign_is_refused() -> None:
    r = sp.Symbol("r", real=True)
    for left in (sp.exp(-r * x) - 1, x**-r - 1, c**-x - 1):
        assert not verify(Sign(title="", left=left, relation=">=", method=Decay(x))).ok
