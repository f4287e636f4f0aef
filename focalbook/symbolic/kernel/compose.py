"""Limits of compositions and of products at one point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.equality import Limit
from focalbook.symbolic.kernel.positivity import same
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified


@dataclass(frozen=True, eq=False, kw_only=True)
class Composite(Step):
    """f(g(x)) has the limit of f at the limit of g, where g is positive and tends to zero.

    Attributes
    ----------
    outer
        Limit of f at zero from above.
    inner
        Limit zero of g.
    positive
        g > 0: f is never taken at zero itself, or at a negative number.
    """

    outer: Limit
    inner: Limit
    positive: Sign
    kind: ClassVar[str] = "limit"

    @property
    def expr(self) -> sp.Expr:
        """The composition."""
        return self.outer.expr.subs(self.outer.variable, self.inner.expr)

    @property
    def value(self) -> sp.Expr:
        """The limit of the outer function."""
        return self.outer.value

    @property
    def variable(self) -> sp.Symbol:
        """The variable of the inner function."""
        return self.inner.variable

    @property
    def point(self) -> sp.Expr:
        """The point of the inner function."""
        return self.inner.point

    @property
    def direction(self) -> str:
        """The side from which the point is reached."""
        return self.inner.direction

    def premises(self) -> tuple[Step, ...]:
        """Return both limits and the sign of the inner function."""
        return (self.outer, self.inner, self.positive)

    def latex(self) -> str:
        """Return the limit of the composition."""
        where = rf"{self.shown(self.variable)} \to {self.shown(sp.sympify(self.point))}"
        return rf"\lim_{{{where}}} {self.shown(self.expr)} = {self.shown(sp.sympify(self.value))}"

    def decide(self) -> Verdict:
        """Check that the inner function is positive and tends to the point of the outer one, zero."""
        if self.outer.point != 0 or self.outer.direction != "+" or self.inner.value != 0:
            return undecided("the limits are not taken at zero from above")
        if not self.positive.strict or not same(self.positive.difference, self.inner.expr):
            return undecided("the sign is about another function")
        return verified("limit of a composition: the inner function is positive and vanishes")


@dataclass(frozen=True, eq=False, kw_only=True)
class Product(Step):
    """A product of functions of one variable tends to the product of their finite limits."""

    parts: tuple[Limit | Composite, ...]
    value: sp.Expr
    kind: ClassVar[str] = "limit"

    @property
    def expr(self) -> sp.Expr:
        """The product."""
        return sp.Mul(*(part.expr for part in self.parts))

    @property
    def variable(self) -> sp.Symbol:
        """The variable."""
        return self.parts[0].variable

    @property
    def point(self) -> sp.Expr:
        """The point."""
        return self.parts[0].point

    @property
    def direction(self) -> str:
        """The side from which the point is reached."""
        return self.parts[0].direction

    def premises(self) -> tuple[Step, ...]:
        """Return the limits of the factors."""
        return self.parts

    def latex(self) -> str:
        """Return the limit of the product."""
        where = rf"{self.shown(self.variable)} \to {self.shown(sp.sympify(self.point))}"
        return rf"\lim_{{{where}}} {self.shown(self.expr)} = {self.shown(self.value)}"

    def decide(self) -> Verdict:
        """Check that the limits are finite, taken at one point, and multiply to the value."""
        if len({(part.variable, part.point, part.direction) for part in self.parts}) != 1:
            return undecided("the limits are not taken at one point")
        values = [sp.sympify(part.value) for part in self.parts]
        if any(value.is_finite is False for value in values) or not same(sp.Mul(*values), self.value):
            return undecided(f"the limits multiply to {sp.Mul(*values)}")
        return verified("product of finite limits")
