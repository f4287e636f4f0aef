"""Methods that decide an inequality by calculus: manifest terms, growth from a point, convexity."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp

from focalbook.symbolic.kernel.positivity import continuous, manifestly, same
from focalbook.symbolic.kernel.sign import Method, Setting
from focalbook.symbolic.kernel.step import Step


def _place(method: Growth | Valley | Bowl) -> str:
    """Where the value of the expression is known, as an equation."""
    point = method.base if isinstance(method, Growth) else method.bottom
    return f"${sp.latex(method.variable)} = {sp.latex(point)}$"


@dataclass(frozen=True, eq=False)
class Terms(Method):
    """After the substitution the expression is a sum of terms with a manifest sign."""

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Substitute and ask for manifest terms."""
        if not manifestly(setting.apply(expr), strict=strict):
            return None
        rewriting = ", ".join(f"${sp.latex(s)} = {sp.latex(value)}$" for s, value in setting.cover.items())
        return "every term has a manifest sign" + (f" with {rewriting}" if rewriting else "")


@dataclass(frozen=True, eq=False)
class Growth(Method):
    """Mean value theorem: the value at an end of the range and the sign of the derivative.

    Attributes
    ----------
    variable
        The variable that moves.
    base
        The end of its range at which the value is known.
    derivative
        How the sign of the derivative is decided.
    """

    variable: sp.Symbol
    base: sp.Expr
    derivative: Method = field(default_factory=Terms)

    def premises(self) -> tuple[Step, ...]:
        """Return what the sign of the derivative rests on."""
        return self.derivative.premises()

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the value at the base and the sign of the derivative away from it."""
        interval = setting.range_of(self.variable)
        upwards = same(self.base, interval.start)
        if not upwards and not same(self.base, interval.end):
            return None
        if not setting.stays_inside(self.variable, self.base) or not continuous(expr):
            return None
        base = setting.apply(sp.sympify(self.base))
        start = sp.simplify(value_at(setting.apply(expr, but=self.variable), self.variable, base, upwards))
        if not manifestly(start, strict=False):
            return None
        open_base = interval.left_open if upwards else interval.right_open
        need_strict = strict and not manifestly(start, strict=True)
        if need_strict and not open_base:
            return None
        slope = sp.diff(expr, self.variable) * (1 if upwards else -1)
        how = self.derivative.decide(slope, need_strict, setting)
        if how is None:
            return None
        return f"value ${sp.latex(start)}$ at {_place(self)}, and the derivative has one sign ({how})"


@dataclass(frozen=True, eq=False)
class Valley(Method):
    """The expression is zero at an interior point and grows on both sides of it (never strict)."""

    variable: sp.Symbol
    bottom: sp.Expr

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the value at the bottom and that derivative times distance is nonnegative."""
        if not setting.stays_inside(self.variable, self.bottom) or not continuous(expr):
            return None
        inside = setting.apply(expr, but=self.variable)
        if strict or not same(inside.subs(self.variable, setting.apply(sp.sympify(self.bottom))), 0):
            return None
        pull = sp.simplify(sp.diff(expr, self.variable) * (self.variable - self.bottom))
        if not manifestly(setting.apply(pull), strict=False):
            return None
        return f"zero at {_place(self)}, where the derivative changes from minus to plus"


@dataclass(frozen=True, eq=False)
class Bowl(Method):
    """The expression and its slope vanish at an interior point and it is convex (never strict)."""

    variable: sp.Symbol
    bottom: sp.Expr
    bend: Method

    def premises(self) -> tuple[Step, ...]:
        """Return what the convexity rests on."""
        return self.bend.premises()

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check value and slope at the bottom and the sign of the second derivative."""
        at_bottom = [form.subs(self.variable, self.bottom) for form in (expr, sp.diff(expr, self.variable))]
        if strict or not all(same(value, 0) for value in at_bottom):
            return None
        if not setting.stays_inside(self.variable, self.bottom) or not continuous(expr):
            return None
        how = self.bend.decide(sp.diff(expr, self.variable, 2), False, setting)
        return f"zero with zero slope at {_place(self)}, and convex ({how})" if how else None


@dataclass(frozen=True, eq=False)
class Chord(Method):
    """A concave function lies above its chord: the ends are nonnegative, the second derivative negative."""

    variable: sp.Symbol
    bend: Method = field(default_factory=Terms)

    def premises(self) -> tuple[Step, ...]:
        """Return what the concavity rests on."""
        return self.bend.premises()

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check both ends and the sign of the second derivative."""
        interval = setting.domain[self.variable]
        if not all(setting.stays_inside(self.variable, end) for end in (interval.start, interval.end)):
            return None  # the range of another variable moves with this one
        if not continuous(expr):
            return None
        ends = (
            value_at(expr, self.variable, interval.start, True),
            value_at(expr, self.variable, interval.end, False),
        )
        if not all(manifestly(end, strict=False) for end in ends):
            return None
        if strict and not (interval.left_open and interval.right_open):
            return None
        bend = -sp.diff(expr, self.variable, 2)
        if self.bend.decide(bend, strict, setting) is None:
            return None
        return f"concave with values ${sp.latex(ends[0])}$ and ${sp.latex(ends[1])}$ at the ends"


def value_at(expr: sp.Expr, variable: sp.Symbol, point: sp.Expr, from_above: bool) -> sp.Expr:
    """Return the value of an elementary expression at a point, or its one-sided limit there."""
    value = expr.subs(variable, point)
    if value.is_finite is not False and not value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        return value
    return sp.limit(expr, variable, point, "+" if from_above else "-")
