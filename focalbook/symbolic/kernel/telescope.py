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
        Where the sum begins, and the first index that it leaves out: integers in this order; ``stop`` may be
        infinity. The antidifference has to be finite from ``start`` on.
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

    def _range(self) -> str | None:
        """Why the sum does not run over integers at which the antidifference is finite, or None."""
        start, stop = sp.sympify(self.start), sp.sympify(self.stop)
        if not self.index.is_integer:
            return "the index is not an integer symbol"
        if any(sp.sympify(part).has(self.index) for part in (start, stop, self.value)):
            return "an end or the value depends on the index"
        if not start.is_integer or not (stop is sp.oo or (stop.is_integer and (stop - start).is_nonnegative)):
            return "the range is not one of whole numbers, from a first to a last one"
        if (self.index.is_positive and not start.is_positive) or (
            self.index.is_nonnegative and not start.is_nonnegative
        ):
            return "the range goes below what is assumed of the index"
        place = start + sp.Dummy(integer=True, nonnegative=True)
        if not self.antidifference.subs(self.index, place).is_finite:
            return "the antidifference is not known to be finite on the whole range"
        return None

    def decide(self) -> Verdict:
        """Check the range, that terms are differences of neighbours, and the difference of the ends."""
        b, index = self.antidifference, self.index
        missed = self._range()
        if missed:
            return undecided(missed)
        if not same(self.summand, b.subs(index, index + 1) - b):
            return undecided("the term is not the difference of neighbours")
        top = sp.limit(b, index, sp.oo) if self.stop is sp.oo else b.subs(index, self.stop)
        ends = top - b.subs(index, self.start)
        if ends.has(sp.Limit, sp.nan) or ends.is_finite is False or not same(ends, self.value):
            return undecided(f"the ends differ by {ends}")
        return verified("a telescoping sum: every term is the difference of two neighbours")
