"""Limits of compositions and products. Oracle: examples worked out by hand, and premises that do not fit."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from focalbook.symbolic.kernel.compose import Composite, Product
from focalbook.symbolic.kernel.equality import Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify

x, y = sp.symbols("x y", positive=True)


def _at_zero(expr: sp.Expr, value: sp.Expr, variable: sp.Symbol = x) -> Limit:
    return Limit(title="", expr=expr, variable=variable, point=sp.S.Zero, value=sp.sympify(value))


OUTER = _at_zero(sp.sin(y) / y, 1, variable=y)
INNER = _at_zero(x**2 + x, 0)
ABOVE = Sign(title="", left=x**2 + x, method=Terms())


def test_composition() -> None:
    step = Composite(title="", outer=OUTER, inner=INNER, positive=ABOVE)
    assert verify(step).ok
    assert step.expr == sp.sin(x**2 + x) / (x**2 + x)
    assert step.value == 1
    assert r"\lim" in step.latex()


def test_composition_needs_fitting_premises() -> None:
    step = Composite(title="", outer=OUTER, inner=INNER, positive=ABOVE)
    other = Sign(title="", left=x, method=Terms())
    weak = Sign(title="", left=x**2 + x, relation=">=", method=Terms())
    away = _at_zero(1 + x, 1)
    assert not verify(replace(step, positive=other)).ok
    assert not verify(replace(step, positive=weak)).ok
    assert not verify(replace(step, inner=away)).ok
    assert not verify(replace(step, inner=_at_zero(x, 1))).ok  # a false limit


def test_product() -> None:
    step = Product(title="", parts=(_at_zero(sp.cos(x), 1), _at_zero(2 + x, 2)), value=sp.Integer(2))
    assert verify(step).ok
    assert r"\lim" in step.latex()
    assert not verify(replace(step, value=sp.Integer(3))).ok
    endless = Product(title="", parts=(_at_zero(x, 0), _at_zero(1 / x, sp.oo)), value=sp.S.Zero)
    assert not verify(endless).ok
    mixed = Product(title="", parts=(_at_zero(x, 0), _at_zero(y, 0, variable=y)), value=sp.S.Zero)
    assert not verify(mixed).ok
