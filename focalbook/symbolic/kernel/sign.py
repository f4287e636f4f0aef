"""Inequalities and the ways in which a program may decide them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import sympy as sp

from focalbook.symbolic.kernel.positivity import contradicted, manifestly, same
from focalbook.symbolic.kernel.step import Step, Verdict, false, undecided, verified

Domain = Mapping[sp.Symbol, sp.Interval]
Cover = Mapping[sp.Symbol, sp.Expr]


@dataclass(frozen=True, eq=False)
class Setting:
    """Where an inequality is meant to hold, and the substitution that makes the range manifest.

    ``cover`` writes a variable with a bounded range through positive parameters, for example
    ``q = 1/(1 + s)`` for ``0 < q < 1``; `covers` checks that nothing of the range is left out.
    """

    domain: Domain
    cover: Cover

    def apply(self, expr: sp.Expr, *, but: sp.Symbol | None = None) -> sp.Expr:
        """Substitute the cover, in order; the variable ``but`` is left alone."""
        for symbol, value in self.cover.items():
            if symbol != but:
                expr = expr.subs(symbol, value)
        return expr

    def range_of(self, variable: sp.Symbol) -> sp.Interval:
        """The range of a variable: its domain, or the half line its assumptions stand for."""
        return self.domain.get(variable, half_line(variable))

    def stays_inside(self, variable: sp.Symbol, point: sp.Expr) -> bool:
        """Return whether a variable may move to a point with the other variables held where they are.

        The point has to lie in the closed range, and no other range may depend on the variable.
        """
        others = [value for symbol, value in self.cover.items() if symbol != variable]
        others += [end for symbol, r in self.domain.items() if symbol != variable for end in (r.start, r.end)]
        if any(sp.sympify(value).has(variable) for value in others):
            return False
        interval, place = self.range_of(variable), self.apply(sp.sympify(point))
        low, high = self.apply(interval.start), self.apply(interval.end)
        return (low == -sp.oo or manifestly(place - low, strict=False)) and (
            high == sp.oo or manifestly(high - place, strict=False)
        )

    def covers(self) -> str | None:
        """Return what the cover misses, or None when it reaches the whole domain."""
        for symbol, interval in self.domain.items():
            if symbol in self.cover:
                if not reaches(self.cover[symbol], interval):
                    return f"the substitution for {symbol} does not reach all of {interval}"
            elif not _assumed(symbol, interval):
                return f"nothing is known about {symbol} in {interval}"
        return None


def _assumed(symbol: sp.Symbol, interval: sp.Interval) -> bool:
    """Return whether the assumptions on the symbol are those of the half line it runs over."""
    if interval.start != 0 or interval.end != sp.oo:
        return False
    return not symbol.is_positive and symbol.is_nonnegative if 0 in interval else bool(symbol.is_positive)


def reaches(value: sp.Expr, interval: sp.Interval) -> bool:
    """Return whether ``value`` runs over the whole interval as one of its parameters runs over (0, oo).

    ``value`` is a rational expression with a positive denominator, hence continuous, so its limits at
    0 and at infinity tell its range. The end at infinity is never attained; the end at zero is attained
    when the parameter may be zero.
    """
    if not manifestly(sp.denom(sp.together(value)), strict=True):
        return False
    for parameter in sorted(value.free_symbols, key=str):
        if not parameter.is_nonnegative:
            continue
        at_zero, at_infinity = sp.limit(value, parameter, 0, "+"), sp.limit(value, parameter, sp.oo)
        if _equal_ends(at_zero, interval.start) and _equal_ends(at_infinity, interval.end):
            zero_open, infinity_open = interval.left_open, interval.right_open
        elif _equal_ends(at_zero, interval.end) and _equal_ends(at_infinity, interval.start):
            zero_open, infinity_open = interval.right_open, interval.left_open
        else:
            continue
        if infinity_open and (zero_open or not parameter.is_positive):
            return True
    return False


def _equal_ends(left: sp.Expr, right: sp.Expr) -> bool:
    return left == right or (
        left.is_finite is not False and right.is_finite is not False and same(left, right)
    )


def half_line(symbol: sp.Symbol) -> sp.Interval:
    """Return the half line that the assumptions on a symbol stand for."""
    return sp.Interval.open(0, sp.oo) if symbol.is_positive else sp.Interval(0, sp.oo)


class Method(ABC):
    """A way to decide a sign."""

    def premises(self) -> tuple[Step, ...]:
        """Return the steps the method rests on."""
        return ()

    @abstractmethod
    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Return how the sign was decided, or None when it was not."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Sign(Step):
    """``left > right`` (or ``>=``) on the whole domain.

    Attributes
    ----------
    left, right
        The two sides.
    relation
        ``">"`` or ``">="``.
    domain
        Range of each variable whose range is not already an assumption of its symbol.
    cover
        Substitution that makes the domain manifest (see `Setting`).
    method
        How the sign is decided.
    """

    left: sp.Expr
    right: sp.Expr = sp.S.Zero
    relation: Literal[">", ">="] = ">"
    domain: Domain = field(default_factory=dict)
    cover: Cover = field(default_factory=dict)
    method: Method
    kind: ClassVar[str] = "inequality"

    @property
    def difference(self) -> sp.Expr:
        """``left - right``."""
        return self.left - self.right

    @property
    def setting(self) -> Setting:
        """Domain and cover."""
        return Setting(self.domain, self.cover)

    def spans(self, variable: sp.Symbol, start: sp.Expr, end: sp.Expr) -> bool:
        """Return whether the inequality holds for the variable all the way from start to end."""
        interval = self.setting.range_of(variable)
        return bool(interval.start == start and interval.end == end)

    @property
    def strict(self) -> bool:
        """Whether the inequality is strict."""
        return self.relation == ">"

    def premises(self) -> tuple[Step, ...]:
        """Return the steps that the method uses."""
        return self.method.premises()

    def latex(self) -> str:
        """Return ``left > right`` with its domain."""
        from focalbook.symbolic.render import domain_latex

        sign = ">" if self.strict else r"\ge"
        domain = {
            symbol: sp.Interval(self.folded(r.start), self.folded(r.end), r.left_open, r.right_open)
            for symbol, r in self.domain.items()
        }
        sides = sp.Tuple(self.left, self.right)
        ranges = domain_latex(domain, sides, sp.Tuple(*map(self.folded, sides)))
        return f"{self.shown(self.left)} {sign} {self.shown(self.right)}{ranges}"

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the inequality."""
        return (self.left > self.right,) if self.strict else (self.left >= self.right,)

    def decide(self) -> Verdict:
        """Check that the cover reaches the domain, then ask the method."""
        setting = self.setting
        missed = setting.covers()
        if missed:
            return undecided(missed)
        how = self.method.decide(self.difference, self.strict, setting)
        if how:
            return verified(how)
        if contradicted(setting.apply(self.difference), strict=self.strict):
            return false("an evaluation inside the domain contradicts it")
        return undecided("the sign could not be decided")
