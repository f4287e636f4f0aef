"""Sums whose terms are differences of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.positivity import same
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified


@dataclass(frozen=True, eq=False, kw_only=True)
class Telescope(Step):
    """The sum of ``summand`` from ``start`` up to, but without, ``stop``, by an antidifference.

    Attributes
    ----------
    summand
        One term, in ``index``.
    antidifference
        An expression b with ``summand = b(index + 1) - b(index)`` for every index.
    index
        The summation index, an integer symbol.
    start, stop
        Where the sum begins, and the first index that it leaves out; ``stop`` may be infinity.
    value
        The sum.
    """

    summand: sp.Expr
    antidifference: sp.Expr
    index: sp.Symbol
    start: sp.Expr
    stop: sp.Expr
    value: sp.Expr
    kind: ClassVar[str] = "sum"

    def latex(self) -> str:
        """Return the sum with its value."""
        index, start = self.shown(self.index), self.shown(sp.sympify(self.start))
        low = rf"{index} \ge {start}"
        if self.stop is not sp.oo:
            low = rf"{start} \le {index} < {self.shown(self.stop)}"
        term = self.shown(self.summand)
        if isinstance(self.folded(self.summand), sp.Add):
            term = rf"\left( {term} \right)"
        return rf"\sum_{{{low}}} {term} = {self.shown(sp.sympify(self.value))}"

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return that the sum, not evaluated, is the value."""
        last = self.stop if self.stop is sp.oo else self.stop - 1
        return (sp.Eq(sp.Sum(self.summand, (self.index, self.start, last)), self.value, evaluate=False),)

    def decide(self) -> Verdict:
        """Check that the terms are differences of neighbours, and the difference of the two ends."""
        b, index = self.antidifference, self.index
        if not index.is_integer:
            return undecided("the index is not an integer symbol")
        if not same(self.summand, b.subs(index, index + 1) - b):
            return undecided("the term is not the difference of neighbours")
        top = sp.limit(b, index, sp.oo) if self.stop is sp.oo else b.subs(index, self.stop)
        ends = top - b.subs(index, self.start)
        if ends.has(sp.Limit, sp.nan) or ends.is_finite is False or not same(ends, self.value):
            return undecided(f"the ends differ by {ends}")
        return verified("a telescoping sum: every term is the difference of two neighbours")
