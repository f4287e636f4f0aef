"""Functions that rise to one maximum and fall, and where they lie above a level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.shape import SignChange
from focalbook.symbolic.kernel.sign import Method, Setting, Sign, reaches
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified


@dataclass(frozen=True, eq=False, kw_only=True)
class Profile(Step):
    """A function that rises to one maximum and falls: its derivative is positive times a `SignChange`."""

    expr: sp.Expr
    variable: sp.Symbol
    derivative: Identity
    factor: Sign
    change: SignChange
    start: Limit
    end: Limit
    kind: ClassVar[str] = "shape"

    def premises(self) -> tuple[Step, ...]:
        """Return the factorised derivative, the signs of its factors and the end values."""
        return (self.derivative, self.factor, self.change, self.start, self.end)

    def latex(self) -> str:
        """Return the rise and the fall."""
        peak = self.change.mark or f"{self.shown(self.variable)}^*"
        return (
            rf"{self.shown(self.expr)}:\quad {self.shown(sp.sympify(self.start.value))} \nearrow \max "
            rf"\text{{ on }} (0, {peak}),"
            rf"\quad \max \searrow {self.shown(sp.sympify(self.end.value))} \text{{ on }} ({peak}, 1)"
        )

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the order of the values at two arguments x < y on either side of the maximum."""
        x, y, peak = sp.symbols("x y p_*", real=True)
        at_x, at_y = self.expr.subs(self.variable, x), self.expr.subs(self.variable, y)
        return (
            sp.Implies(sp.And(x < y, y <= peak), at_x < at_y),
            sp.Implies(sp.And(peak <= x, x < y), at_x > at_y),
        )

    def decide(self) -> Verdict:
        """Check that the parts fit together."""
        slope = sp.diff(self.expr, self.variable)
        if not same(self.derivative.left.doit(), slope):
            return undecided("the identity is not about the derivative")
        if (
            not same(self.derivative.right, self.factor.difference * self.change.expr)
            or not self.factor.strict
        ):
            return undecided("the factors are not those whose signs are known")
        ends = (self.start.point, self.end.point)
        if ends != (self.change.start.point, self.change.end.point) or not self.factor.spans(
            self.variable, *ends
        ):
            return undecided("the premises are not about one interval")
        if not same(self.start.expr, self.expr) or not same(self.end.expr, self.expr):
            return undecided("an end value is about another function")
        return verified("the derivative is a positive factor times a function that changes sign once")


@dataclass(frozen=True, eq=False, kw_only=True)
class LevelSets(Step):
    """Where a `Profile` lies above a level.

    Attributes
    ----------
    level
        The level as it is written, a symbol or a number.
    levels
        The range of levels, in which ``rise`` stands for the height of the maximum above the start;
        None for a single number.
    cover
        The level through positive parameters that reach the whole range.
    pattern
        Signs of ``expr - level`` from left to right, for example ``"-+-"``.
    marks
        How the lower and the upper end of the level set are written.
    """

    profile: Profile
    level: sp.Expr
    rise: sp.Symbol
    pattern: str
    levels: sp.Interval | None = None
    cover: sp.Expr | None = None
    marks: tuple[str, str] = (r"p_{\mathrm{low}}", r"p_{\mathrm{high}}")
    kind: ClassVar[str] = "shape"

    def premises(self) -> tuple[Step, ...]:
        """Return the profile."""
        return (self.profile,)

    def latex(self) -> str:
        """Return the level set as an interval."""
        above = rf"\{{ {self.shown(self.profile.expr)} > {self.shown(self.level)} \}}"
        low, high = self.marks
        sets = {"+-": f"(0, {high})", "-+-": f"({low}, {high})", "-": r"\emptyset"}
        if self.levels is None:
            return f"{above} = {sets[self.pattern]}"
        top = self.shown(sp.sympify(self.profile.start.value) + self.rise)
        ends = [
            r"\max h" if self.shown(end) == top else self.shown(end)
            for end in (self.levels.start, self.levels.end)
        ]
        signs = [r"<" if opened else r"\le" for opened in (self.levels.left_open, self.levels.right_open)]
        levels = f"{ends[0]} {signs[0]} {self.shown(self.level)} {signs[1]} {ends[1]}"
        return rf"{levels}:\quad {above} = {sets[self.pattern]}"

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the sign of ``expr - level`` at an argument x against the thresholds."""
        x, low, high, peak = sp.symbols("x p_low p_high p_*", real=True)
        value = self.profile.expr.subs(self.profile.variable, x)
        if self.pattern == "+-":
            return (
                sp.And(
                    peak < high,
                    sp.Equivalent(x < high, value > self.level),
                    sp.Equivalent(sp.Eq(x, high), sp.Eq(value, self.level)),
                ),
            )
        inside = sp.And(low < x, x < high)
        edge = sp.Or(sp.Eq(x, low), sp.Eq(x, high))
        return (
            sp.And(
                low < peak,
                peak < high,
                sp.Equivalent(inside, value > self.level),
                sp.Equivalent(edge, sp.Eq(value, self.level)),
            ),
        )

    def decide(self) -> Verdict:
        """Follow the two monotone pieces and count where the level is crossed."""
        start, end = sp.sympify(self.profile.start.value), sp.sympify(self.profile.end.value)
        top, level = start + self.rise, self.level if self.cover is None else self.cover
        if not self.rise.is_positive:
            return undecided("the height of the maximum is not positive")
        if self.levels is not None and (self.cover is None or not reaches(self.cover, self.levels)):
            return undecided("the substitution does not reach all levels")
        signs = ""
        if manifestly(level - start, strict=True):
            signs += "-"
        elif not manifestly(start - level, strict=False):
            return undecided("the level cannot be compared with the start")
        if manifestly(top - level, strict=True):
            signs += "+"
        elif not manifestly(level - top, strict=False):
            return undecided("the level cannot be compared with the maximum")
        if not manifestly(level - end, strict=True):
            return undecided("the level cannot be compared with the end")
        signs += "-" if not signs.endswith("-") else ""
        if signs != self.pattern:
            return undecided(f"the pattern is {signs}")
        return verified("the level against the ends of the two monotone pieces")


@dataclass(frozen=True, eq=False)
class BelowPeak(Method):
    """No value of a `Profile` exceeds its maximum ``start + rise`` (never strict)."""

    profile: Profile
    rise: sp.Symbol
    at: sp.Expr

    def premises(self) -> tuple[Step, ...]:
        """Return the profile."""
        return (self.profile,)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check that the expression is the maximum minus a value at an argument between 0 and 1."""
        argument = setting.apply(sp.sympify(self.at))
        inside = manifestly(argument, strict=True) and manifestly(1 - argument, strict=True)
        top = sp.sympify(self.profile.start.value) + self.rise
        if (
            strict
            or not inside
            or not same(expr, top - self.profile.expr.subs(self.profile.variable, self.at))
        ):
            return None
        return "no value exceeds the maximum"


@dataclass(frozen=True, eq=False)
class Supremum(Method):
    """A bound on all values of a `Profile` bounds its maximum ``start + rise`` (never strict)."""

    profile: Profile
    rise: sp.Symbol
    bound: Sign

    def premises(self) -> tuple[Step, ...]:
        """Return the profile and the bound."""
        return (self.profile, self.bound)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check that the bound holds for every argument and is the one stated for the maximum."""
        x, top = self.profile.variable, sp.sympify(self.profile.start.value) + self.rise
        if strict or self.bound.domain.get(x) != sp.Interval.open(0, 1) or self.bound.left.has(x):
            return None
        if any(
            setting.domain.get(symbol) != self.bound.domain[symbol]
            for symbol in self.bound.domain
            if symbol != x
        ):
            return None
        if not same(self.bound.right, self.profile.expr) or not same(expr, self.bound.left - top):
            return None
        return "the maximum is one of the values"


@dataclass(frozen=True, eq=False, kw_only=True)
class Envelope(Step):
    """The maximum of a `Profile` grows with a parameter: at the maximum only the direct dependence counts.

    Attributes
    ----------
    parameter
        The parameter.
    parameter_at
        The parameter as a function of the place of the maximum, from the equation for it.
    partial
        The partial derivative in the parameter, at the maximum, is positive.
    """

    profile: Profile
    parameter: sp.Symbol
    parameter_at: sp.Expr
    partial: Sign
    kind: ClassVar[str] = "envelope"

    def premises(self) -> tuple[Step, ...]:
        """Return the profile and the sign of the partial derivative."""
        return (self.profile, self.partial)

    def latex(self) -> str:
        """Return the sign of the derivative of the maximum."""
        name, x = self.shown(self.parameter), self.shown(self.profile.variable)
        return rf"\frac{{d}}{{d {name}}} \max_{{{x}}} {self.shown(self.profile.expr)} > 0"

    def decide(self) -> Verdict:
        """Check the equation for the maximum and the partial derivative there."""
        at = {self.parameter: self.parameter_at}
        if not same(self.profile.change.expr.subs(at), 0):
            return undecided("the parameter does not solve the equation for the maximum")
        direct = sp.diff(self.profile.expr, self.parameter).subs(at)
        if not self.partial.spans(self.profile.variable, self.profile.start.point, self.profile.end.point):
            return undecided("the partial derivative is not known wherever the maximum may be")
        if not self.partial.strict or not same(direct, self.partial.difference.subs(at)):
            return undecided("the inequality is not about the partial derivative at the maximum")
        return verified("envelope theorem: the maximum is interior, where the slope is zero")
