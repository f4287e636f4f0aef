"""Methods that decide an inequality: manifest terms, growth from a point, concavity, combination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.sign import Method, Setting, Sign
from focalbook.symbolic.kernel.step import Step


@dataclass(frozen=True, eq=False)
class Use:
    """An earlier inequality, taken at given arguments, to eliminate one expression.

    With ``left - right = d`` and ``d`` positive (or nonnegative), ``solve_for`` is expressed through ``d``.
    """

    step: Sign
    solve_for: sp.Expr
    at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)

    def admissible(self, setting: Setting) -> bool:
        """Return whether the arguments lie in the domain of the earlier inequality."""
        return admissible(self.step, self.at, setting)

    def eliminate(self, expr: sp.Expr, setting: Setting) -> sp.Expr:
        """Replace ``solve_for`` in an expression to which the cover has been applied."""
        margin = sp.Dummy("d", positive=True) if self.step.strict else sp.Dummy("d", nonnegative=True)
        given = setting.apply(self.step.difference.subs(self.at, simultaneous=True))
        target = setting.apply(self.solve_for)
        hidden = sp.Dummy("x", real=True)
        (solution,) = sp.solve(given.subs(target, hidden) - margin, hidden)
        return expr.subs(target, solution)


def admissible(step: Sign, at: Mapping[sp.Symbol, sp.Expr], setting: Setting) -> bool:
    """Return whether ``at`` lies in the domain of ``step``, given the ranges in ``setting``."""
    for symbol, value in at.items():
        interval = step.domain.get(symbol)
        covered = setting.apply(sp.sympify(value))
        if interval is None:
            if (symbol.is_positive and not manifestly(covered, strict=True)) or (
                symbol.is_nonnegative and not manifestly(covered, strict=False)
            ):
                return False
            continue
        low, high = (setting.apply(end.subs(at, simultaneous=True)) for end in (interval.start, interval.end))
        if interval.start.is_finite and not manifestly(covered - low, strict=bool(interval.left_open)):
            return False
        if interval.end.is_finite and not manifestly(high - covered, strict=bool(interval.right_open)):
            return False
    return True


@dataclass(frozen=True, eq=False)
class Terms(Method):
    """After the substitution the expression is a sum of terms with a manifest sign."""

    uses: tuple[Use, ...] = ()

    def premises(self) -> tuple[Step, ...]:
        """Return the inequalities that are used."""
        return tuple(use.step for use in self.uses)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Substitute, eliminate, and ask for manifest terms."""
        covered = setting.apply(expr)
        for use in self.uses:
            if not use.admissible(setting):
                return None
            covered = use.eliminate(sp.expand(sp.expand_log(covered)), setting)
        if not manifestly(covered, strict=strict):
            return None
        rewriting = ", ".join(f"{symbol} = {value}" for symbol, value in setting.cover.items())
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
        interval = setting.domain.get(self.variable, _half_line(self.variable))
        upwards = same(self.base, interval.start)
        if not upwards and not same(self.base, interval.end):
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
        return f"value {start} at {self.variable} = {self.base}, and the derivative has one sign ({how})"


@dataclass(frozen=True, eq=False)
class Valley(Method):
    """The expression is zero at an interior point and grows on both sides of it (never strict)."""

    variable: sp.Symbol
    bottom: sp.Expr

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the value at the bottom and that derivative times distance is nonnegative."""
        inside = setting.apply(expr, but=self.variable)
        if strict or not same(inside.subs(self.variable, setting.apply(sp.sympify(self.bottom))), 0):
            return None
        pull = sp.simplify(sp.diff(expr, self.variable) * (self.variable - self.bottom))
        if not manifestly(setting.apply(pull), strict=False):
            return None
        return f"zero at {self.variable} = {self.bottom}, where the derivative changes from minus to plus"


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
        how = self.bend.decide(sp.diff(expr, self.variable, 2), False, setting)
        return f"zero with zero slope at {self.variable} = {self.bottom}, and convex ({how})" if how else None


@dataclass(frozen=True, eq=False)
class Chord(Method):
    """A concave function lies above its chord: the ends are nonnegative, the second derivative negative."""

    variable: sp.Symbol

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check both ends and the sign of the second derivative."""
        interval = setting.domain[self.variable]
        ends = (
            value_at(expr, self.variable, interval.start, True),
            value_at(expr, self.variable, interval.end, False),
        )
        if not all(manifestly(end, strict=False) for end in ends):
            return None
        if strict and not (interval.left_open and interval.right_open):
            return None
        bend = -sp.diff(expr, self.variable, 2)
        if Terms().decide(bend, strict, setting) is None:
            return None
        return f"concave with values {ends[0]} and {ends[1]} at the ends"


@dataclass(frozen=True, eq=False)
class Combine(Method):
    """The expression is a sum of products of quantities that are known to be nonnegative.

    Attributes
    ----------
    products
        One tuple of factors per term. The sum of the products must equal the expression; each factor is
        manifestly nonnegative or the difference of one of ``uses``.
    uses
        Earlier inequalities with the arguments at which they are taken.
    """

    products: tuple[tuple[sp.Expr, ...], ...]
    uses: tuple[tuple[Sign, Mapping[sp.Symbol, sp.Expr]], ...] = ()

    def premises(self) -> tuple[Step, ...]:
        """Return the inequalities that are used."""
        return tuple(step for step, _ in self.uses)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the decomposition and the sign of every factor."""
        total = sp.Add(*(sp.Mul(*factors) for factors in self.products))
        if not same(setting.apply(expr), setting.apply(total)):
            return None
        known = []
        for step, at in self.uses:
            if not admissible(step, at, setting):
                return None
            known.append((setting.apply(step.difference.subs(at, simultaneous=True)), step.strict))
        positive = []
        for factors in self.products:
            signs = [self._sign(setting.apply(sp.sympify(factor)), known) for factor in factors]
            if not all(signs):
                return None
            positive.append(all(sign == "strict" for sign in signs))
        if strict and not any(positive):
            return None
        return f"a sum of {len(self.products)} products of nonnegative quantities"

    @staticmethod
    def _sign(factor: sp.Expr, known: list[tuple[sp.Expr, bool]]) -> str:
        for value, strict in known:
            if same(factor, value):
                return "strict" if strict else "weak"
        if manifestly(factor, strict=True):
            return "strict"
        return "weak" if manifestly(factor, strict=False) else ""


def _half_line(symbol: sp.Symbol) -> sp.Interval:
    """Return the half line that the assumptions on a symbol stand for."""
    return sp.Interval.open(0, sp.oo) if symbol.is_positive else sp.Interval(0, sp.oo)


def value_at(expr: sp.Expr, variable: sp.Symbol, point: sp.Expr, from_above: bool) -> sp.Expr:
    """Return the value of an elementary expression at a point, as a one-sided limit where it is not defined."""
    value = expr.subs(variable, point)
    if value.is_finite is not False and not value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        return value
    return sp.limit(expr, variable, point, "+" if from_above else "-")


@dataclass(frozen=True, eq=False)
class Known(Method):
    """The inequality is an earlier one at other arguments."""

    step: Sign
    at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)

    def premises(self) -> tuple[Step, ...]:
        """Return the earlier inequality."""
        return (self.step,)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the arguments and that the expressions agree up to a positive constant."""
        if (strict and not self.step.strict) or not admissible(self.step, self.at, setting):
            return None
        known = self.step.difference.subs(self.at, simultaneous=True)
        if not same(expr, known) and not same(setting.apply(expr), setting.apply(known)):
            return None
        return f"“{self.step.title}”"


@dataclass(frozen=True, eq=False)
class Cases(Method):
    """The range of one variable is split, and the inequality is known on every part."""

    variable: sp.Symbol
    parts: tuple[Sign, ...]

    def premises(self) -> tuple[Step, ...]:
        """Return the inequality on each part."""
        return self.parts

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check that the parts are about this expression and cover the range."""
        whole = setting.domain.get(self.variable, _half_line(self.variable))
        ranges = [part.domain.get(self.variable, whole) for part in self.parts]
        if not whole.is_subset(sp.Union(*ranges)):
            return None
        for part in self.parts:
            others = {k: v for k, v in part.domain.items() if k != self.variable}
            if any(setting.domain.get(symbol) != interval for symbol, interval in others.items()):
                return None
            if (strict and not part.strict) or not same(part.difference, expr):
                return None
        return f"{len(self.parts)} cases for {self.variable} that cover its range"


def instance(
    step: Sign, at: Mapping[sp.Symbol, sp.Expr], title: str = "", cover: Mapping | None = None
) -> Sign:
    """Return an earlier inequality at given arguments, as a step of its own."""
    return Sign(
        title=title or step.title,
        left=step.left.subs(at, simultaneous=True),
        right=step.right.subs(at, simultaneous=True),
        relation=step.relation,
        domain={symbol: interval for symbol, interval in step.domain.items() if symbol not in at},
        cover={symbol: value for symbol, value in step.cover.items() if symbol not in at} | dict(cover or {}),
        method=Known(step, at),
    )
