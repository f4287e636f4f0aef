"""Where a function that rises from below a level and falls below it again lies above that level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.profile import Profile
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified


@dataclass(frozen=True, eq=False, kw_only=True)
class Crossings(Step):
    """A `Profile` that starts and ends below a level, and exceeds it at the maximum of a second one.

    It crosses the level exactly twice, once on either side of the maximum of the second: there the derivative
    of the second vanishes, and the first equals it.

    Attributes
    ----------
    profile
        The function whose level set is wanted.
    level
        The level, a number or an expression without the variable.
    second
        The other function; ``rise`` is the height of its maximum above its start.
    factor
        The function is the second one plus this factor, finite on the open interval, times its derivative.
    identity
        That equation.
    marks
        How the lower crossing, the upper one and the place of the maximum of the second are written.
    """

    profile: Profile
    level: sp.Expr
    second: Profile
    rise: sp.Symbol
    factor: sp.Expr
    identity: Identity
    marks: tuple[str, str, str]
    kind: ClassVar[str] = "shape"

    def premises(self) -> tuple[Step, ...]:
        """Return both shapes and the equation between them."""
        return (self.profile, self.second, self.identity)

    def latex(self) -> str:
        """Return the level set and where the maximum of the second function lies."""
        low, high, peak = self.marks
        above = rf"\{{ {self.shown(self.profile.expr)} > {self.shown(self.level)} \}}"
        return rf"{above} = ({low}, {high}), \quad {low} < {peak} < {high}"

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the level set as a formula about an argument x."""
        x, low, high, peak = sp.symbols("x q_low q_high p_*", real=True)
        value = self.profile.expr.subs(self.profile.variable, x)
        inside = sp.And(low < x, x < high)
        return (sp.And(low < peak, peak < high, sp.Equivalent(inside, value > self.level)),)

    def decide(self) -> Verdict:
        """Check the equation between the functions and the level against both ends and the maximum."""
        x = self.profile.variable
        moved = self.second.expr.subs(self.second.variable, x)
        if not same(self.identity.left.doit(), self.profile.expr):
            return undecided("the identity is about another function")
        if not same(self.identity.right.doit(), moved + self.factor * sp.diff(moved, x)):
            return undecided("the function is not the second one plus a multiple of its derivative")
        ends = [(f.change.start.point, f.change.end.point) for f in (self.profile, self.second)]
        if ends[0] != ends[1]:
            return undecided("the two functions live on different intervals")
        if sp.sympify(self.level).has(x) or not self.rise.is_positive:
            return undecided("the level moves, or the height of the maximum is not positive")
        for end in (self.profile.start, self.profile.end):
            low = sp.sympify(end.value)
            if low is not -sp.oo and not manifestly(self.level - low, strict=True):
                return undecided("an end does not lie below the level")
        if not manifestly(self.second.start.value + self.rise - self.level, strict=True):
            return undecided("the maximum of the second function is not known to exceed the level")
        return verified("the level lies above both ends and below a value between them")
