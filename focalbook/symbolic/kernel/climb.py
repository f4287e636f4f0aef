"""Functions of two counts that grow with every further count: induction from one count."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.sign import Method, Setting, Sign
from focalbook.symbolic.kernel.step import Step


@dataclass(frozen=True, eq=False)
class Climb(Method):
    """A symmetric positive function of two counts is at least its value at the counts 1 and 0.

    Counts are whole numbers from zero on, not both zero; a count may stay zero, with 0^0 = 1. The function
    starts at ``start`` and every further count multiplies it by more than one.

    Attributes
    ----------
    value
        The function of ``counts``.
    counts
        The two counts k and m, as positive symbols.
    start
        Its value at k = 1, m = 0.
    ratio
        Identity: value at (k + 1, m) over value at (k, m) is the exponential of the growth.
    grows
        The growth is positive for positive k and m; ``alone`` the same where the other count is zero.
    first
        The growth is positive for k = 0.
    factor
        The expression in question is this positive factor times ``value - start``.
    """

    value: sp.Expr
    counts: tuple[sp.Symbol, sp.Symbol]
    start: sp.Expr
    ratio: Identity
    grows: Sign
    alone: Sign
    first: Sign
    factor: sp.Expr

    def premises(self) -> tuple[Step, ...]:
        """Return the ratio and the signs of its logarithm."""
        return (self.ratio, self.grows, self.alone, self.first)

    def decide(self, expr: sp.Expr, strict: bool, setting: Setting) -> str | None:
        """Check start, symmetry, ratio, signs and factor."""
        k, m = self.counts
        if strict or not same(self.value.subs({k: 1, m: 0}), self.start):
            return None
        if not same(self.value, self.value.subs({k: m, m: k}, simultaneous=True)):
            return None
        if not same(self.ratio.left.doit(), self.value.subs(k, k + 1) / self.value):
            return None
        growth = sp.expand_log(sp.log(self.ratio.right), force=True)
        edge = sp.limit(growth, k, 0, "+")
        lone = growth.subs(m, 0)
        for sign, part in ((self.grows, growth), (self.alone, lone), (self.first, edge)):
            if not sign.strict or sign.domain or not same(sign.difference, part):
                return None
        if not manifestly(setting.apply(self.factor), strict=True):
            return None
        if not same(expr, self.factor * (self.value - self.start)):
            return None
        return "induction on the number of counts: each further count multiplies by more than one"
