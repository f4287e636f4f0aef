"""Powers of quantities that are known to be positive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from focalbook.symbolic.kernel.positivity import same
from focalbook.symbolic.kernel.reuse import admissible
from focalbook.symbolic.kernel.sign import Method, Setting, Sign
from focalbook.symbolic.kernel.step import Step


@dataclass(frozen=True, eq=False)
class PositivePower(Method):
    """The expression is a real power of the difference of an earlier strict inequality.

    Attributes
    ----------
    step
        The earlier inequality.
    exponent
        A real number.
    at
        Arguments at which the earlier inequality is taken.
    """

    step: Sign
    exponent: sp.Expr
    at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)

    def premises(self) -> tuple[Step, ...]:
        """Return the earlier inequality."""
        return (self.step,)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check the exponent, the arguments and the form of the expression."""
        exponent = sp.sympify(self.exponent)
        if not self.step.strict or not (exponent.is_number and exponent.is_real):
            return None
        if not admissible(self.step, self.at, setting):
            return None
        base = self.step.difference.subs(self.at, simultaneous=True)
        if not same(setting.apply(expr), setting.apply(base**exponent)):
            return None
        return f"a power of a positive quantity (“{self.step.title}”)"
