"""Inequalities on a half line or the whole line, from a limit at infinity and the sign of the derivative."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp

from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.positivity import continuous, manifestly
from focalbook.symbolic.kernel.sign import Method, Setting
from focalbook.symbolic.kernel.step import Step


@dataclass(frozen=True, eq=False)
class Decay(Method):
    """The expression falls all the way to a limit at infinity that is not negative, so it lies above it.

    Attributes
    ----------
    variable
        The variable, whose range reaches to infinity.
    slope
        How the sign of minus the derivative is decided.
    """

    variable: sp.Symbol
    slope: Method = field(default_factory=Terms)

    def premises(self) -> tuple[Step, ...]:
        """Return what the sign of the derivative rests on."""
        return self.slope.premises()

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the range, the limit at infinity and the sign of the derivative."""
        interval = setting.range_of(self.variable)
        alone = setting.stays_inside(self.variable, interval.start)  # no other range moves with the variable
        if interval.end is not sp.oo or not alone or not continuous(expr):
            return None
        limit = sp.limit(setting.apply(expr, but=self.variable), self.variable, sp.oo)
        if not limit.is_finite or not manifestly(limit, strict=False):
            return None
        how = self.slope.decide(-sp.diff(expr, self.variable), strict, setting)
        if how is None:
            return None
        return f"falls to ${sp.latex(limit)}$ at infinity: the derivative has one sign ({how})"
