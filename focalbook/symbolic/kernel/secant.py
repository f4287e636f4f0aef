"""A convex function lies below its secants."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.sign import Method, Setting, Sign
from focalbook.symbolic.kernel.step import Step


@dataclass(frozen=True, eq=False)
class Secant(Method):
    """``(1 - x) f(a) + x f(b) >= f((1 - x) a + x b)`` for a convex function f (never strict).

    Attributes
    ----------
    convex
        The second derivative of f is positive on an interval of ``variable``.
    function
        f, in ``variable``.
    variable
        Its argument.
    ends
        The points a and b: in the interval, or at one of its ends if f is continuous there.
    weight
        The weight x of b.
    """

    convex: Sign
    function: sp.Expr
    variable: sp.Symbol
    ends: tuple[sp.Expr, sp.Expr]
    weight: sp.Expr

    def premises(self) -> tuple[Step, ...]:
        """Return the sign of the second derivative."""
        return (self.convex,)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the form of the expression, the second derivative, the points and the weight."""
        y, (a, b), x = self.variable, self.ends, self.weight
        if strict or not same(self.convex.difference, sp.diff(self.function, y, 2)):
            return None
        middle = (1 - x) * a + x * b
        parts = [(1 - x) * self.function.subs(y, a), x * self.function.subs(y, b)]
        if not same(expr, parts[0] + parts[1] - self.function.subs(y, middle)):
            return None
        interval = self.convex.setting.range_of(y)
        within = [x, 1 - x]
        for end in (a, b):
            within += [end - interval.start] if interval.start.is_finite else []
            within += [interval.end - end] if interval.end.is_finite else []
        if not all(manifestly(setting.apply(sp.sympify(gap)), strict=False) for gap in within):
            return None
        return f"a convex function lies below its secants (“{self.convex.title}”)"
