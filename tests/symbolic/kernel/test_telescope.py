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
