"""Bounds by a maximum: a constant that is one by definition, and the place where one is attained."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.positivity import same
from focalbook.symbolic.kernel.profile import LevelSets
from focalbook.symbolic.kernel.sign import Method, Setting, Sign
from focalbook.symbolic.kernel.step import Step


@dataclass(frozen=True, eq=False)
class Ceiling(Method):
    """The constant is by definition the largest value of ``values`` on (0, 1) (never strict).

    Attributes
    ----------
    constant
        The symbol of the maximum.
    values
        The function of ``variable`` whose maximum it is.
    variable
        Its argument, which has to run over (0, 1).
    factor
        The expression in question is this factor times ``constant - values``.
    sign
        How the sign of the factor is decided.
    """

    constant: sp.Symbol
    values: sp.Expr
    variable: sp.Symbol
    factor: sp.Expr = sp.S.One
    sign: Method = field(default_factory=Terms)

    def premises(self) -> tuple[Step, ...]:
        """Return what the sign of the factor rests on."""
        return self.sign.premises()

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the factorisation and the sign of the factor."""
        if strict or self.values.has(self.constant):
            return None
        if setting.domain.get(self.variable) != sp.Interval.open(0, 1):
            return None
        if not same(expr, self.factor * (self.constant - self.values)):
            return None
        how = self.sign.decide(self.factor, False, setting)
        return None if how is None else f"{self.constant} is the maximum by definition ({how})"


@dataclass(frozen=True, eq=False)
class Summit(Method):
    """A function is largest where a `LevelSets` of pattern ``"+-"`` ends: its derivative turns negative.

    Attributes
    ----------
    levels
        Where another function lies above a level: before one point.
    derivative
        The derivative of the function is a factor times (that other function minus the level).
    factor
        The factor is positive.
    expr
        The function.
    point
        How the one point is written.
    """

    levels: LevelSets
    derivative: Identity
    factor: Sign
    expr: sp.Expr
    point: sp.Symbol

    def premises(self) -> tuple[Step, ...]:
        """Return the level set, the factorised derivative and the sign of the factor."""
        return (self.levels, self.derivative, self.factor)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check that the parts are about this function, and the expression its maximum minus its value."""
        x = self.levels.profile.variable
        above = self.levels.profile.expr - self.levels.level
        if strict or self.levels.pattern != "+-" or not self.factor.strict:
            return None
        if not same(self.derivative.left.doit(), sp.diff(self.expr, x)):
            return None
        if not same(self.derivative.right, self.factor.difference * above):
            return None
        if self.factor.domain.get(x) != sp.Interval.open(0, 1) or setting.domain.get(x) != sp.Interval.open(
            0, 1
        ):
            return None
        if not same(expr, self.expr.subs(x, self.point) - self.expr):
            return None
        return f"the derivative is positive before {self.point} and negative after it"
