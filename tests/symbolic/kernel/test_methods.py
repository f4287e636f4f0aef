"""Methods of calculus. Oracle: classical inequalities, true ones and false neighbours of them."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic.kernel.methods import Bowl, Chord, Growth, Method, Terms, Valley
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify

x, s, t = sp.symbols("x s t", positive=True)
y = sp.Symbol("y", positive=True)
UNIT = sp.Interval.open(0, 1)


def _ok(left: sp.Expr, right: sp.Expr, method: Method, **settings: object) -> bool:
    return verify(Sign(title="", left=left, right=right, method=method, **settings)).ok  # type: ignore[arg-type]


def test_growth_from_the_left_end() -> None:
    assert _ok(x, sp.log(1 + x), Growth(x, sp.S.Zero))
    assert not _ok(sp.log(1 + x), x, Growth(x, sp.S.Zero))
    assert not _ok(x, sp.log(1 + x), Growth(x, sp.S.One)), "the base has to be an end of the range"


def test_growth_from_the_right_end() -> None:
    inside = {"domain": {x: UNIT}, "cover": {x: 1 / (1 + s)}}
    assert _ok(x - 1, sp.log(x), Growth(x, sp.S.One), **inside)
    assert not _ok(sp.log(x), x - 1, Growth(x, sp.S.One), **inside)


def test_growth_is_not_strict_at_a_closed_end() -> None:
    n = sp.Symbol("n", nonnegative=True)
    assert _ok(n, sp.log(1 + n), Growth(n, sp.S.Zero), relation=">=")
    assert not _ok(n, sp.log(1 + n), Growth(n, sp.S.Zero))


def test_nested_growth() -> None:
    """exp(x) > 1 + x + x^2/2."""
    series = 1 + x + x**2 / 2
    twice = Growth(x, sp.S.Zero, derivative=Growth(x, sp.S.Zero, derivative=Growth(x, sp.S.Zero)))
    assert _ok(sp.exp(x), series, twice)
    assert not _ok(sp.exp(x), series + x**3, twice)


def test_valley() -> None:
    assert _ok(x - 1, sp.log(x), Valley(x, sp.S.One), relation=">=")
    assert not _ok(x - 1, sp.log(x), Valley(x, sp.S.One)), "it is zero at the bottom"
    assert not _ok(x - 1, sp.log(x), Valley(x, sp.Integer(2)), relation=">=")
    assert not _ok(sp.log(x), x - 1, Valley(x, sp.S.One), relation=">=")


def test_bowl() -> None:
    tangent = y**2 + 2 * y * (x - y)
    assert _ok(x**2, tangent, Bowl(x, y, bend=Terms()), relation=">=")
    assert not _ok(x**2, tangent + x - y, Bowl(x, y, bend=Terms()), relation=">=")
    assert not _ok(-(x**2), -tangent, Bowl(x, y, bend=Terms()), relation=">=")


def test_chord() -> None:
    inside = {"domain": {x: UNIT}, "cover": {x: 1 / (1 + s)}}
    assert _ok(-x * sp.log(x), sp.S.Zero, Chord(x), **inside)
    assert not _ok(x * sp.log(x), sp.S.Zero, Chord(x), **inside)
    assert not _ok(-x * sp.log(x) - sp.Rational(1, 100), sp.S.Zero, Chord(x), **inside)


def test_chord_with_another_reason_for_the_bend() -> None:
    """x - x^3 is concave; a sum of products that is not its second derivative decides nothing."""
    inside = {"domain": {x: UNIT}, "cover": {x: 1 / (1 + s)}}
    assert _ok(x - x**3, sp.S.Zero, Chord(x, Combine(((sp.Integer(6), x),))), **inside)
    assert not _ok(x - x**3, sp.S.Zero, Chord(x, Combine(((sp.Integer(5), x),))), **inside)
    assert not _ok(x**3 - x, sp.S.Zero, Chord(x, Combine(((sp.Integer(6), x),))), **inside)


def test_chord_is_refused_where_another_range_moves_along() -> None:
    """Concave for x > y only, zero at x = 0 and at x = 1, and negative near x = y = 0.8."""
    moving = {
        "domain": {x: UNIT, y: sp.Interval.open(0, x)},
        "cover": {y: x / (1 + t), x: 1 / (1 + s)},
    }
    left = -((x - y) ** 3) + ((1 - y) ** 3 + y**3) * x - y**3
    assert left.subs({x: sp.Rational(81, 100), y: sp.Rational(4, 5)}) < 0
    assert not _ok(left, sp.S.Zero, Chord(x), **moving)


def test_chord_is_refused_across_a_pole_or_a_jump() -> None:
    inside = {"domain": {x: UNIT}, "cover": {x: 1 / (1 + s)}}
    half = sp.Rational(1, 2)
    for left in (5 - 1 / (x - half) ** 2, 5 + sp.log((x - half) ** 2), 1 - 2 * sp.Heaviside(x - half)):
        assert not _ok(left, sp.S.Zero, Chord(x), relation=">=", **inside)


def test_growth_is_refused_across_a_jump() -> None:
    """The slope of acot(3 - x) is positive, but it jumps down at 3."""
    assert not _ok(sp.acot(3 - x), sp.acot(3), Growth(x, sp.S.Zero))


def test_a_range_that_moves_with_the_variable_is_refused() -> None:
    """x > y on 0 < y < x: as x goes to its end 0, y would have to go with it."""
    moving = {
        "domain": {x: UNIT, y: sp.Interval.open(0, x)},
        "cover": {y: x / (1 + t), x: 1 / (1 + s)},
    }
    assert not _ok(x, y, Growth(x, sp.S.Zero), **moving)
    assert _ok(x, y, Terms(), **moving)


def test_a_bottom_outside_the_range_is_refused() -> None:
    beyond = {"domain": {x: sp.Interval.open(2, sp.oo)}, "cover": {x: 2 + s}, "relation": ">="}
    assert _ok(x - 1, sp.log(x), Growth(x, sp.Integer(2)), **beyond)
    assert not _ok(x - 1, sp.log(x), Valley(x, sp.S.One), **beyond)
    assert not _ok(x**2, 2 * x - 1, Bowl(x, sp.S.One, bend=Terms()), **beyond)
