"""Methods that decide an inequality with the help of inequalities that are already decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.sign import Method, Setting, Sign
from focalbook.symbolic.kernel.step import Step


def admissible(step: Sign, at: Mapping[sp.Symbol, sp.Expr], setting: Setting) -> bool:
    """Return whether ``at`` lies in the domain of ``step``, given the ranges in ``setting``.

    A symbol that ``at`` leaves out stands for itself: the range that it has in ``step`` has to hold too.
    """
    ends = [end for interval in step.domain.values() for end in (interval.start, interval.end)]
    matters = sp.Tuple(step.difference, *ends)
    at = {symbol: symbol for symbol in step.domain if matters.has(symbol)} | dict(at)
    for symbol, value in at.items():
        interval = step.domain.get(symbol)
        covered = setting.apply(sp.sympify(value))
        if interval is None:
            if (symbol.is_positive and not manifestly(covered, strict=True)) or (
                symbol.is_nonnegative and not manifestly(covered, strict=False)
            ):
                return False
            continue
        start, end = (side.subs(at, simultaneous=True) for side in (interval.start, interval.end))
        own = setting.domain.get(symbol)
        if value == symbol and own == sp.Interval(start, end, interval.left_open, interval.right_open):
            continue
        low, high = setting.apply(start), setting.apply(end)
        if interval.start.is_finite and not manifestly(covered - low, strict=bool(interval.left_open)):
            return False
        if interval.end.is_finite and not manifestly(high - covered, strict=bool(interval.right_open)):
            return False
    return True


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
        terms = len(self.products)
        return (
            f"a sum of {terms} products of nonnegative quantities"
            if terms > 1
            else "a product of positive quantities"
        )

    @staticmethod
    def _sign(factor: sp.Expr, known: list[tuple[sp.Expr, bool]]) -> str:
        for value, strict in known:
            if same(factor, value):
                return "strict" if strict else "weak"
        if manifestly(factor, strict=True):
            return "strict"
        return "weak" if manifestly(factor, strict=False) else ""


@dataclass(frozen=True, eq=False)
class Known(Method):
    """The inequality is an earlier one at other arguments."""

    step: Sign
    at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)

    def premises(self) -> tuple[Step, ...]:
        """Return the earlier inequality."""
        return (self.step,)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the arguments and that the expressions agree."""
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
        whole = setting.range_of(self.variable)
        ranges = [part.domain.get(self.variable, whole) for part in self.parts]
        if not whole.is_subset(sp.Union(*ranges)):
            return None
        for part in self.parts:
            others = {k: v for k, v in part.domain.items() if k != self.variable}
            if any(setting.domain.get(symbol) != interval for symbol, interval in others.items()):
                return None
            if (strict and not part.strict) or not same(part.difference, expr):
                return None
        return f"{len(self.parts)} cases for ${sp.latex(self.variable)}$ that cover its range"


@dataclass(frozen=True, eq=False)
class Exponential(Method):
    """``larger >= smaller`` for two positive quantities, because their logarithms are so ordered."""

    step: Sign
    larger: sp.Expr
    smaller: sp.Expr

    def premises(self) -> tuple[Step, ...]:
        """Return the inequality between the logarithms."""
        return (self.step,)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check that both are positive and that the premise is about their logarithms."""
        sides = [setting.apply(side) for side in (self.larger, self.smaller)]
        if not same(expr, self.larger - self.smaller) or not all(
            manifestly(side, strict=True) for side in sides
        ):
            return None
        logs = sp.log(sides[0]) - sp.log(sides[1])
        if (strict and not self.step.strict) or not same(logs, setting.apply(self.step.difference)):
            return None
        if self.step.domain != setting.domain:
            return None
        return f"the logarithms are ordered (“{self.step.title}”)"
