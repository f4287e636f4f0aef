"""From one atom to the whole alphabet: weighted sums of inequalities, and limits under the sum sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import sympy as sp

from focalbook.symbolic.kernel.equality import Limit
from focalbook.symbolic.kernel.limits import JointLimit
from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified


def split_sum(summand: sp.Expr, names: Mapping[sp.Expr, sp.Expr], index: sp.Symbol) -> sp.Expr | None:
    """Write the sum of ``summand`` over ``index`` through the named sums.

    Parameters
    ----------
    summand
        One term of the sum.
    names
        Summand of each named sum, and the symbol or number it is called by.
    index
        The summation index.

    Returns
    -------
    sympy.Expr or None
        The sum as a linear combination of names; None when a term is not a multiple of a named summand.
    """
    for known, name in names.items():
        ratio = summand / known
        if ratio.has(index):
            ratio = sp.simplify(ratio)
        if not ratio.has(index):
            return ratio * name
    opened = sp.Add.make_args(sp.expand_mul(summand, deep=False))
    if len(opened) == 1:
        return None
    parts = [split_sum(term, names, index) for term in opened]
    return None if None in parts else sp.Add(*parts)


@dataclass(frozen=True, eq=False, kw_only=True)
class Total(Step):
    """An inequality for each atom, multiplied by its weight and summed over the alphabet.

    Attributes
    ----------
    term
        The inequality for one atom.
    at
        What its variables become for atom i.
    weight
        The nonnegative weight of atom i.
    names
        The sums that occur: summand and name. ``p[i]: 1`` says that the masses sum to one.
    left, right
        The two sides of the resulting inequality, in names.
    index
        The summation index.
    also
        The same inequality for atoms at the edge of the domain of ``term``.
    given
        Equations that hold for atom i by assumption: expressions and what they equal.
    """

    term: Sign
    at: Mapping[sp.Symbol, sp.Expr]
    weight: sp.Expr
    names: Mapping[sp.Expr, sp.Expr]
    left: sp.Expr
    right: sp.Expr
    index: sp.Symbol
    also: tuple[Step, ...] = ()
    given: Mapping[sp.Expr, sp.Expr] = field(default_factory=dict)
    kind: ClassVar[str] = "sum"

    def premises(self) -> tuple[Step, ...]:
        """Return the inequality for one atom, and for the atoms at the edge of its domain."""
        return (self.term, *self.also)

    def latex(self) -> str:
        """Return the summed inequality."""
        return rf"{self.shown(self.left)} \ge {self.shown(self.right)}"

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the summed inequality (not strict)."""
        return (self.left >= self.right,)

    def decide(self) -> Verdict:
        """Check the weight and write both sides through the named sums."""
        if not manifestly(self.weight, strict=False):
            return undecided("the weight is not manifestly nonnegative")
        sides = [
            split_sum(
                self.weight * side.subs(self.at, simultaneous=True).subs(self.given), self.names, self.index
            )
            for side in (self.term.left, self.term.right)
        ]
        upper, lower = sides
        if upper is None or lower is None:
            return undecided("a term of the sum has no name")
        if not same(upper - lower, self.left - self.right):
            return undecided("the sums are not the two sides")
        return verified("the inequality of each atom, times a nonnegative weight, summed")


@dataclass(frozen=True, eq=False, kw_only=True)
class SumIdentity(Step):
    """A sum over the alphabet written through named sums."""

    summand: sp.Expr
    names: Mapping[sp.Expr, sp.Expr]
    value: sp.Expr
    index: sp.Symbol
    kind: ClassVar[str] = "sum"

    def latex(self) -> str:
        """Return the sum and its value."""
        return rf"\sum_{{{self.shown(self.index)}}} {self.shown(self.summand)} = {self.shown(self.value)}"

    def decide(self) -> Verdict:
        """Write the sum through the names and compare."""
        found = split_sum(self.summand, self.names, self.index)
        if found is None:
            return undecided("a term of the sum has no name")
        return verified("the sum is linear") if same(found, self.value) else undecided(f"the sum is {found}")


@dataclass(frozen=True, eq=False, kw_only=True)
class DoubleSum(Step):
    """A difference of products of sums as one double sum of nonnegative terms (Lagrange's identity).

    ``products`` lists pairs of summands ``(a(i), b(i))`` with a coefficient: the expression is the sum of
    ``coefficient * (sum a)(sum b)``. Exchanging the two indices leaves a double sum as it is, so the
    expression equals the double sum of the symmetric part of its summand, which must equal ``term``.
    """

    products: tuple[tuple[sp.Expr, sp.Expr, sp.Expr], ...]
    term: sp.Expr
    first: sp.Symbol
    second: sp.Symbol
    kind: ClassVar[str] = "sum"

    def latex(self) -> str:
        """Return Lagrange's identity for these sums."""
        i, j = self.shown(self.first), self.shown(self.second)
        parts = []
        for coefficient, a, b in self.products:
            sign = "" if coefficient == 1 else "-" if coefficient == -1 else self.shown(coefficient)
            factors = rf"\left(\sum_{{{i}}} {self.shown(a)}\right)"
            factors += "^{2}" if a == b else rf"\left(\sum_{{{i}}} {self.shown(b)}\right)"
            parts.append(sign + factors)
        return " + ".join(parts).replace("+ -", "- ") + rf" = \sum_{{{i}, {j}}} {self.shown(self.term)} \ge 0"

    def decide(self) -> Verdict:
        """Compare the symmetric part of the summand with the term and check the sign of the term."""
        i, j = self.first, self.second
        summand = sp.Add(*(c * a * b.subs(i, j) for c, a, b in self.products))
        exchanged = summand.subs({i: j, j: i}, simultaneous=True)
        if not same((summand + exchanged) / 2, self.term):
            return undecided("the symmetric part of the summand is another expression")
        if not manifestly(self.term, strict=False):
            return undecided("the term is not manifestly nonnegative")
        return verified("symmetric part of the double sum, every term nonnegative")


@dataclass(frozen=True, eq=False, kw_only=True)
class LimitOfSum(Step):
    """A limit taken under the sum sign.

    Attributes
    ----------
    theorem
        ``"dominated convergence"`` needs ``bound``; ``"Fatou's lemma"`` needs only nonnegative terms and
        gives an inequality for the limit inferior.
    term
        The limit of the term of one atom.
    nonnegative
        The term is nonnegative.
    bound
        The term is at most its left side, the dominating term.
    names, index, weight, at
        How the sum of the dominating terms is written (see `Total`): it must be a combination of names
        that are finite by assumption.
    """

    theorem: Literal["dominated convergence", "Fatou's lemma"]
    term: Limit | JointLimit
    nonnegative: Sign
    bound: Sign | None = None
    weight: sp.Expr = sp.S.One
    at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    names: Mapping[sp.Expr, sp.Expr] = field(default_factory=dict)
    index: sp.Symbol = field(default_factory=lambda: sp.Symbol("i", integer=True, positive=True))
    kind: ClassVar[str] = "limit of a sum"

    def premises(self) -> tuple[Step, ...]:
        """Return the limit of one term, its sign and its bound."""
        return (self.term, self.nonnegative, *(() if self.bound is None else (self.bound,)))

    def latex(self) -> str:
        """Return the statement with the sum."""
        term, limit = (
            self.weight * self.term.expr.subs(self.at, simultaneous=True),
            self.weight * self.term.value.subs(self.at, simultaneous=True),
        )
        where = rf"{self.shown(self.term.variable)} \to {self.shown(sp.sympify(self.term.point))}"
        sums = (
            rf"\sum_{{{self.shown(self.index)}}} {self.shown(term)}",
            rf"\sum_{{{self.shown(self.index)}}} {self.shown(limit)}",
        )
        if self.bound is None:
            return rf"\liminf_{{{where}}} {sums[0]} \ge {sums[1]}"
        return rf"\lim_{{{where}}} {sums[0]} = {sums[1]}"

    def decide(self) -> Verdict:
        """Check that the premises are about this term, and that the dominating sum is finite."""
        if not same(self.nonnegative.difference, self.term.expr):
            return undecided("the sign is about another term")
        if self.theorem == "Fatou's lemma":
            return verified("Fatou's lemma: nonnegative terms that converge one by one")
        if self.bound is None or not same(self.bound.right, self.term.expr):
            return undecided("the bound is about another term")
        if self.bound.left.has(*sp.Tuple(self.term.variable).atoms(sp.Symbol)):
            return undecided("the bound moves with the term")
        total = split_sum(
            self.weight * self.bound.left.subs(self.at, simultaneous=True), self.names, self.index
        )
        if total is None:
            return undecided("the sum of the dominating terms is not known")
        return verified(f"dominated convergence: the dominating terms sum to ${sp.latex(total)}$")


@dataclass(frozen=True, eq=False, kw_only=True)
class Divergence(Step):
    """A series of nonnegative terms that do not tend to zero has the sum infinity."""

    term: Limit
    kind: ClassVar[str] = "divergence"

    def premises(self) -> tuple[Step, ...]:
        """Return the limit of the terms."""
        return (self.term,)

    def latex(self) -> str:
        """Return the divergence of the series."""
        return rf"\sum_{{{self.shown(self.term.variable)} \ge 1}} {self.shown(self.term.expr)} = \infty"

    def decide(self) -> Verdict:
        """Check that the terms tend to a positive number."""
        if self.term.point is not sp.oo or not manifestly(self.term.value, strict=True):
            return undecided("the terms do not tend to a positive number")
        return verified("the terms tend to a positive number")
