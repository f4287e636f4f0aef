"""Limits of sums with finitely many terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.equality import Limit
from focalbook.symbolic.kernel.limits import JointLimit
from focalbook.symbolic.kernel.positivity import same
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified
from focalbook.symbolic.kernel.sums import split_sum


@dataclass(frozen=True, eq=False, kw_only=True)
class FiniteSumLimit(Step):
    """A weighted sum over finitely many atoms tends to the weighted sum of the limits of its terms.

    Attributes
    ----------
    term
        The finite limit of the term of one atom; the weights stay as they are.
    weight
        The weight of atom i, free of the variables of the limit.
    names
        Sums of weights: summand and value (see `split_sum`).
    value
        The limit of the sum.
    index
        The summation index.
    at
        How the variables of the term are written for atom i; only shown.
    """

    term: Limit | JointLimit
    weight: sp.Expr
    names: Mapping[sp.Expr, sp.Expr]
    value: sp.Expr
    index: sp.Symbol
    at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    kind: ClassVar[str] = "limit of a sum"

    def premises(self) -> tuple[Step, ...]:
        """Return the limit of one term."""
        return (self.term,)

    def latex(self) -> str:
        """Return the sum and its limit."""
        summand = self.weight * self.term.expr.subs(self.at, simultaneous=True)
        return rf"\sum_{{{self.shown(self.index)}}} {self.shown(summand)} \to {self.shown(self.value)}"

    def decide(self) -> Verdict:
        """Check that the limit is finite, that the weights stand still, and add up."""
        limit = sp.sympify(self.term.value)
        if limit.is_finite is False or limit.has(sp.nan):
            return undecided("the limit of a term is not finite")
        if self.weight.has(*sp.Tuple(self.term.variable).atoms(sp.Symbol)):
            return undecided("the weight moves with the term")
        found = split_sum(self.weight * limit, self.names, self.index)
        if found is None:
            return undecided("a term of the sum has no name")
        return (
            verified("finitely many limits, added")
            if same(found, self.value)
            else undecided(f"it is {found}")
        )
