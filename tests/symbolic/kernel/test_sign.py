"""Inequalities and the reach of substitutions. Oracle: inequalities that are known to hold or not."""

from __future__ import annotations

import pytest
import sympy as sp

from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign, reaches
from focalbook.symbolic.kernel.step import verify

q = sp.Symbol("q", positive=True)
s = sp.Symbol("s", positive=True)
s0 = sp.Symbol("s", nonnegative=True)
m = sp.Symbol("m", positive=True)
UNIT = sp.Interval.open(0, 1)


@pytest.mark.parametrize(
    ("value", "interval"),
    [
        (1 / (1 + s), UNIT),
        (s / (1 + s), UNIT),
        (1 / (1 + s0), sp.Interval.Lopen(0, 1)),
        (1 / (2 + s0), sp.Interval.Lopen(0, sp.Rational(1, 2))),
        (1 + s0, sp.Interval(1, sp.oo)),
        (1 + m / (1 + s), sp.Interval.open(1, 1 + m)),
        (1 / (1 + s0), UNIT),  # more than is needed
    ],
)
def test_reaches(value: sp.Expr, interval: sp.Interval) -> None:
    assert reaches(value, interval)


@pytest.mark.parametrize(
    ("value", "interval"),
    [
        (1 / (2 + s), UNIT),  # stops at one half
        (1 / (1 + s), sp.Interval.Lopen(0, 1)),  # leaves out the closed end
        (1 / (1 + s0), sp.Interval(0, 1)),  # zero is never attained
        (1 + s, UNIT),
        (1 / (1 - s), UNIT),  # has a pole
        (q, UNIT),
    ],
)
def test_does_not_reach(value: sp.Expr, interval: sp.Interval) -> None:
    assert not reaches(value, interval)


def _sign(left: sp.Expr, right: sp.Expr, **settings: object) -> Sign:
    common = {"title": "", "method": Terms(), "domain": {q: UNIT}, "cover": {q: 1 / (1 + s)}}
    return Sign(left=left, right=right, **(common | settings))  # type: ignore[arg-type]


def test_true_inequality_is_verified() -> None:
    assert verify(_sign(sp.S.One, q)).ok


def test_false_inequality_is_false_not_undecided() -> None:
    assert verify(_sign(q, sp.S.One)).state == "false"
    assert verify(_sign(q, sp.Rational(1, 2))).state == "false"


def test_true_inequality_beyond_the_method_is_undecided() -> None:
    assert verify(_sign(q - 1, sp.log(q))).state == "undecided"


def test_a_cover_that_misses_part_of_the_domain_is_refused() -> None:
    step = _sign(sp.Rational(3, 4), q, cover={q: 1 / (2 + s)})  # true below one half only
    assert verify(step).state == "undecided"
    assert "does not reach" in verify(step).method


def test_a_variable_about_which_nothing_is_known_is_refused() -> None:
    assert "nothing is known" in verify(_sign(sp.S.One, q, cover={})).method


def test_strictness() -> None:
    n = sp.Symbol("n", nonnegative=True)
    weak = Sign(title="", left=n, relation=">=", method=Terms())
    strict = Sign(title="", left=n, method=Terms())
    assert verify(weak).ok
    assert not verify(strict).ok
