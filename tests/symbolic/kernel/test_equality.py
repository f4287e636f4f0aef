"""Identities, limits, series, squeezes. Oracle: textbook results and their false neighbours."""

from __future__ import annotations

import pytest
import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit, Series, Squeeze
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify

x, u, g = sp.symbols("x u gamma", positive=True)


def test_identity() -> None:
    square = Identity(title="", left=(x + 1) ** 2, right=x**2 + 2 * x + 1)
    assert verify(square).ok
    assert square.facts() == (sp.Eq((x + 1) ** 2, x**2 + 2 * x + 1, evaluate=False),)
    assert verify(Identity(title="", left=(x + 1) ** 2, right=x**2 + 1)).state == "false"


def test_chain_checks_every_neighbour() -> None:
    assert verify(Identity(title="", left=x + x, middle=(2 * x,), right=4 * x / 2)).ok
    assert not verify(Identity(title="", left=x + x, middle=(3 * x,), right=2 * x)).ok


def test_identity_under_a_condition() -> None:
    assert verify(Identity(title="", left=x * u, right=sp.S.One, condition=(u, 1 / x))).ok
    assert not verify(Identity(title="", left=x * u, right=sp.S.One)).ok


def test_unevaluated_derivatives_and_substitutions() -> None:
    assert verify(Identity(title="", left=sp.Derivative(x**3, x), right=3 * x**2)).ok
    assert verify(Identity(title="", left=sp.Subs(x**3, x, 2), right=sp.Integer(8))).ok


@pytest.mark.parametrize(
    ("expr", "point", "direction", "value"),
    [
        (sp.sin(x) / x, 0, "+", 1),
        (1 / x, 0, "+", sp.oo),
        ((1 + 1 / x) ** x, sp.oo, "+", sp.E),
        (x**2, 3, "+-", 9),
    ],
)
def test_limit(expr: sp.Expr, point: sp.Expr, direction: str, value: sp.Expr) -> None:
    right = Limit(
        title="", expr=expr, variable=x, point=sp.sympify(point), direction=direction, value=sp.sympify(value)
    )
    wrong = Limit(
        title="", expr=expr, variable=x, point=sp.sympify(point), direction=direction, value=sp.Integer(7)
    )
    assert verify(right).ok
    assert verify(wrong).state == "false"


def test_limit_by_factors() -> None:
    common = {"title": "", "variable": u, "point": sp.S.Zero, "value": sp.S.Zero}
    expr = u**g * (1 + sp.log(1 - u) / u)
    assert verify(Limit(expr=expr, factors=(u**g, 1 + sp.log(1 - u) / u), **common)).ok
    assert not verify(Limit(expr=expr, factors=(u**g, sp.log(1 - u) / u), **common)).ok, "another product"


def test_zero_times_infinity_is_not_a_limit() -> None:
    step = Limit(
        title="", expr=sp.S.One + 0 * u, variable=u, point=sp.S.Zero, value=sp.S.One, factors=(u, 1 / u)
    )
    assert not verify(step).ok


def test_limit_in_the_distance() -> None:
    near = Limit(
        title="",
        expr=(1 - x) ** g,
        variable=x,
        point=sp.S.One,
        direction="-",
        value=sp.S.Zero,
        distance=u,
        factors=(u**g,),
    )
    assert verify(near).ok


def test_series() -> None:
    assert verify(Series(title="", expr=sp.exp(x), variable=x, order=3, terms=1 + x + x**2 / 2)).ok
    assert verify(Series(title="", expr=sp.exp(x), variable=x, order=3, terms=1 + x + x**2)).state == "false"


def test_squeeze() -> None:
    middle = (x + sp.sin(x) ** 2) / x
    low = Sign(title="", left=middle, right=sp.S.One, relation=">=", method=Terms())
    high = Sign(title="", left=1 + 1 / x, right=middle, relation=">=", method=_Cosine())
    good = Squeeze(title="", below=low, above=high, variable=x, point=sp.oo, value=sp.S.One)
    assert verify(good).ok
    other = Sign(title="", left=2 + x, right=1 + x, relation=">=", method=Growth(x, sp.S.Zero))
    assert not verify(Squeeze(title="", below=low, above=other, variable=x, point=sp.oo, value=sp.S.One)).ok
    apart = Squeeze(title="", below=low, above=high, variable=x, point=sp.oo, value=sp.Integer(2))
    assert not verify(apart).ok


class _Cosine(Terms):
    """1 - sin(x)^2 = cos(x)^2 is not negative."""

    def decide(self, expr: sp.Expr, strict: bool, setting: object) -> str | None:
        return "cosine squared" if sp.simplify(expr - sp.cos(x) ** 2 / x) == 0 and not strict else None


def test_squeeze_needs_bounds_near_the_point() -> None:
    inside = {"domain": {x: sp.Interval.open(0, 1)}, "cover": {x: 1 / (1 + u)}, "relation": ">="}
    low = Sign(title="", left=1 + 1 / x, right=sp.S.One, method=Terms(), **inside)
    high = Sign(title="", left=1 + 2 / x, right=1 + 1 / x, method=Terms(), **inside)
    assert verify(low).ok
    assert verify(high).ok
    assert not verify(Squeeze(title="", below=low, above=high, variable=x, point=sp.oo, value=sp.S.One)).ok
