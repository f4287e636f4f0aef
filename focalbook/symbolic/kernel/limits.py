"""Limits of combinations, and what follows from limits and series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.compose import Product
from focalbook.symbolic.kernel.equality import Limit, Series, Squeeze
from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.sign import Setting, Sign
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified


@dataclass(frozen=True, eq=False, kw_only=True)
class JointLimit(Step):
    """A product of factors, each with its own variable, tends to the product of their positive limits."""

    factors: tuple[Limit | Squeeze, ...]
    kind: ClassVar[str] = "limit"

    @property
    def expr(self) -> sp.Expr:
        """The product."""
        return sp.Mul(*(factor.expr for factor in self.factors))

    @property
    def value(self) -> sp.Expr:
        """The product of the limits."""
        return sp.Mul(*(factor.value for factor in self.factors))

    @property
    def variable(self) -> sp.Basic:
        """The variables."""
        return sp.Tuple(*(factor.variable for factor in self.factors))

    @property
    def point(self) -> sp.Basic:
        """The point."""
        return sp.Tuple(*(factor.point for factor in self.factors))

    def premises(self) -> tuple[Step, ...]:
        """Return the limits of the factors."""
        return self.factors

    def latex(self) -> str:
        """Return the limit of the product."""
        where = rf"{self.shown(self.variable)} \to {self.shown(self.point)}"
        return rf"\lim_{{{where}}} {self.shown(self.expr)} = {self.shown(self.value)}"

    def decide(self) -> Verdict:
        """Check that no factor has another's variable and that the product of the limits is determined."""
        variables = [factor.variable for factor in self.factors]
        if len(set(variables)) != len(variables):
            return undecided("two factors share a variable")
        for factor in self.factors:
            if factor.expr.has(*(v for v in variables if v != factor.variable)):
                return undecided("a factor depends on the variable of another")
            if sp.sympify(factor.value).is_finite is False or factor.value == 0:
                return undecided("a limit is zero or infinite")
        return verified("product of limits")


@dataclass(frozen=True, eq=False, kw_only=True)
class SumOfLimits(Step):
    """A combination of terms whose limits are known tends to the same combination of the limits."""

    parts: tuple[tuple[sp.Expr, Limit | Product], ...]
    value: sp.Expr
    kind: ClassVar[str] = "limit"

    def premises(self) -> tuple[Step, ...]:
        """Return the limits of the terms."""
        return tuple(limit for _, limit in self.parts)

    def latex(self) -> str:
        """Return the combined limit."""
        first = self.parts[0][1]
        where = rf"{self.shown(first.variable)} \to {self.shown(first.point)}"
        total = sp.Add(*(coefficient * limit.expr for coefficient, limit in self.parts))
        return rf"\lim_{{{where}}} \left[ {self.shown(total)} \right] = {self.shown(self.value)}"

    def decide(self) -> Verdict:
        """Check that the limits are taken at one point and add up."""
        if len({(limit.variable, limit.point, limit.direction) for _, limit in self.parts}) != 1:
            return undecided("the limits are not taken at one point")
        total = sp.Add(*(coefficient * limit.value for coefficient, limit in self.parts))
        if total.is_finite is False or not same(total, self.value):
            return undecided(f"the limits add up to {total}")
        return verified("limits of the terms, added")


@dataclass(frozen=True, eq=False, kw_only=True)
class Oscillation(Step):
    """A sequence whose parameter alternates between two values has no limit when the limit depends on it."""

    limit: SumOfLimits
    parameter: sp.Symbol
    values: tuple[sp.Expr, sp.Expr]
    kind: ClassVar[str] = "divergence"

    def premises(self) -> tuple[Step, ...]:
        """Return the limit for a fixed parameter."""
        return (self.limit,)

    def latex(self) -> str:
        """Return the two limits."""
        ends = [self.shown(self.limit.value.subs(self.parameter, value)) for value in self.values]
        return rf"\text{{even }} n: {ends[0]} \ne {ends[1]}\ \text{{: odd }} n"

    def decide(self) -> Verdict:
        """Compare the limits along the two subsequences."""
        low, high = (self.limit.value.subs(self.parameter, value) for value in self.values)
        if (high - low).is_nonzero:
            return verified("two subsequences with different limits")
        return undecided("the two limits are not known to differ")


@dataclass(frozen=True, eq=False, kw_only=True)
class Eventually(Step):
    """Near zero an expression exceeds its value at zero, because its first coefficient is positive."""

    series: Series
    direction: Sign
    factor: sp.Expr = sp.S.One
    kind: ClassVar[str] = "series"

    def premises(self) -> tuple[Step, ...]:
        """Return the expansion and the sign of the first coefficient (times ``factor``)."""
        return (self.series, self.direction)

    def latex(self) -> str:
        """Return the inequality for small values of the variable."""
        start = self.series.terms.subs(self.series.variable, 0)
        small = rf"\quad\text{{for all small }} {self.shown(self.series.variable)} > 0"
        return f"{self.shown(self.series.expr)} > {self.shown(start)}{small}"

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the inequality."""
        return (self.series.expr > self.series.terms.subs(self.series.variable, 0),)

    def decide(self) -> Verdict:
        """Check that the sign is that of the first coefficient."""
        coefficient = sp.diff(self.series.terms, self.series.variable)
        setting = Setting(self.direction.domain, self.direction.cover)
        if self.series.order != 2 or coefficient.has(self.series.variable):
            return undecided("the expansion does not stop after the first order")
        if not self.direction.strict or not same(self.direction.difference, self.factor * coefficient):
            return undecided("the inequality is not about the first coefficient")
        if not manifestly(setting.apply(self.factor), strict=True):
            return undecided("the factor is not manifestly positive")
        return verified("the first coefficient is positive")
