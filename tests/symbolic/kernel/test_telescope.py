"""Telescoping sums. Oracle: sums in closed form, and false ones."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic.kernel.step import verify
from focalbook.symbolic.kernel.telescope import Telescope

j = sp.Symbol("j", integer=True, nonnegative=True)
n = sp.Symbol("n", integer=True, positive=True)


def _step(**change: object) -> Telescope:
    parts = {
        "title": "odd numbers",
        "summand": 2 * j + 1,
        "antidifference": j**2,
        "index": j,
        "start": sp.S.Zero,
        "stop": n,
        "value": n**2,
    }
    return Telescope(**(parts | change))  # type: ignore[arg-type]


def test_finite_sum() -> None:
    step = _step()
    assert verify(step).ok
    assert step.facts()[0].lhs.doit().equals(n**2)
    assert step.latex() == r"\sum_{0 \le j < n} \left( 2 j + 1 \right) = n^{2}"


def test_infinite_sum() -> None:
    step = _step(
        summand=1 / ((j + 1) * (j + 2)),
        antidifference=-1 / (j + 1),
        stop=sp.oo,
        value=sp.S.One,
        start=sp.S.Zero,
    )
    assert verify(step).ok
    assert r"\sum_{j \ge 0}" in step.latex()


def test_what_is_not_a_telescoping_sum_is_not_accepted() -> None:
    assert not verify(_step(value=n**2 + 1)).ok  # wrong ends
    assert not verify(_step(summand=2 * j)).ok  # wrong term
    assert not verify(_step(stop=sp.oo, value=sp.oo)).ok  # divergent
    real = sp.Symbol("j", positive=True)
    assert not verify(_step(index=real, summand=2 * real + 1, antidifference=real**2)).ok


def test_ranges_that_are_none_are_refused() -> None:
    """False statements whose ends and terms fit: the sums are empty, or not over integers."""
    half = sp.Rational(1, 2)
    x = sp.Symbol("x", positive=True)
    assert not verify(_step(start=sp.Integer(5), stop=sp.Integer(2), value=sp.Integer(-21))).ok
    assert not verify(_step(start=half, stop=n + half, value=n**2 + n)).ok
    assert not verify(_step(stop=x, value=x**2)).ok
    assert not verify(_step(stop=j + 1, value=(j + 1) ** 2)).ok
    assert not verify(_step(start=sp.Integer(-5), stop=sp.S.Zero, value=sp.Integer(-25))).ok


def test_infinite_terms_are_refused() -> None:
    """The sum of 1/((j - 2)(j - 3)) from 0 on is not 1/3: two of its terms are infinite."""
    jump = {"summand": sp.together(1 / (j - 2) - 1 / (j - 3)), "antidifference": 1 / (j - 3)}
    assert not verify(_step(**jump, stop=sp.oo, value=sp.Rational(1, 3))).ok
    assert verify(_step(**jump, start=sp.Integer(4), stop=sp.oo, value=-sp.S.One)).ok


def test_series_that_do_not_always_converge_are_refused() -> None:
    a = sp.Symbol("a", positive=True)
    assert not verify(_step(summand=a**j, antidifference=a**j / (a - 1), stop=sp.oo, value=1 / (1 - a))).ok
    sign = (-1) ** j
    assert not verify(_step(summand=2 * sign, antidifference=-sign, stop=sp.oo, value=sp.S.One)).ok
