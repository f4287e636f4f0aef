"""Identities, limits, series and squeezes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.positivity import contradicted, same
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step, Verdict, false, undecided, verified


@dataclass(frozen=True, eq=False, kw_only=True)
class Identity(Step):
    """``left = right`` for all admissible values of the symbols: the difference must simplify to zero.

    ``middle`` holds intermediate forms of a chain of equalities, each checked against its neighbour;
    ``condition`` is an equation ``symbol = expression`` under which the identity holds.
    """

    left: sp.Expr
    right: sp.Expr
    middle: tuple[sp.Expr, ...] = ()
    condition: tuple[sp.Symbol, sp.Expr] | None = None
    kind: ClassVar[str] = "identity"

    def latex(self) -> str:
        """Return the chain of equalities."""
        from focalbook.symbolic.render import assumed_latex

        chain = " = ".join(self.shown(form) for form in (self.left, *self.middle, self.right))
        if self.condition:
            chain += rf"\quad\text{{when }} {self.shown(self.condition[0])} = {self.shown(self.condition[1])}"
        return chain + assumed_latex(self.left - self.right if self.left != self.right else self.left)

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the equation between the two ends of the chain."""
        return (sp.Eq(self.left, self.right, evaluate=False),)

    def decide(self) -> Verdict:
        """Simplify the difference of neighbouring forms to zero."""
        forms = [sp.sympify(form).doit() for form in (self.left, *self.middle, self.right)]
        if self.condition:
            forms = [form.subs(*self.condition) for form in forms]
        for before, after in itertools.pairwise(forms):
            if not same(before, after):
                off = sp.Abs(before - after) - sp.Rational(1, 10**12)
                if contradicted(-off, strict=False):
                    return false("the two sides differ at a point")
                return undecided("the difference does not simplify to zero")
        return verified("the difference simplifies to zero")


@dataclass(frozen=True, eq=False, kw_only=True)
class Limit(Step):
    """``expr`` tends to ``value`` as ``variable`` tends to ``point`` from the side ``direction``.

    Attributes
    ----------
    factors
        If given, factors whose product is ``expr`` and whose limits are taken one by one: this is how a
        power with a symbolic exponent is separated from the rest.
    distance
        If given, the limit is taken in this distance from the point, and ``factors`` are written in it.
    """

    expr: sp.Expr
    variable: sp.Symbol
    point: sp.Expr
    value: sp.Expr
    direction: str = "+"
    factors: tuple[sp.Expr, ...] = ()
    distance: sp.Symbol | None = None
    kind: ClassVar[str] = "limit"

    def latex(self) -> str:
        """Return the limit statement."""
        from focalbook.symbolic.render import assumed_latex

        side = "" if self.point in (sp.oo, -sp.oo) or self.direction == "+-" else "^{" + self.direction + "}"
        shown = self.shown(self.expr)
        if isinstance(self.folded(self.expr), sp.Add):
            shown = rf"\left[ {shown} \right]"
        where = rf"{self.shown(self.variable)} \to {self.shown(sp.sympify(self.point))}{side}"
        assumed = assumed_latex(self.expr, but={self.variable})
        return rf"\lim_{{{where}}} {shown} = {self.shown(sp.sympify(self.value))}{assumed}"

    def decide(self) -> Verdict:
        """Take the limit with SymPy and compare."""
        expr, variable, point, side = self.expr, self.variable, self.point, self.direction
        if self.distance is not None:
            expr = expr.subs(variable, point - self.distance if side == "-" else point + self.distance)
            variable, point, side = self.distance, sp.S.Zero, "+"
        if not self.factors:
            return self._compare(sp.limit(expr, variable, point, side), "SymPy's limit")
        if not same(expr, sp.Mul(*self.factors)):
            return undecided("the factors do not multiply to the expression")
        limits = [sp.limit(factor, variable, point, side) for factor in self.factors]
        return self._compare(
            sp.Mul(*limits), "product of the limits " + ", ".join(f"${sp.latex(x)}$" for x in limits)
        )

    def _compare(self, found: sp.Expr, how: str) -> Verdict:
        found = found.rewrite(sp.Pow)
        if found.has(sp.Limit, sp.nan):
            return undecided("SymPy does not find the limit")
        infinite = sp.sympify(self.value).is_infinite or found.is_infinite
        if found == self.value or (not infinite and same(found, self.value)):
            return verified(how)
        return false(f"the limit is {found}")


@dataclass(frozen=True, eq=False, kw_only=True)
class Series(Step):
    """``expr`` agrees with the polynomial ``terms`` up to ``O(variable**order)`` at zero."""

    expr: sp.Expr
    variable: sp.Symbol
    order: int
    terms: sp.Expr
    kind: ClassVar[str] = "series"

    def latex(self) -> str:
        """Return the expansion."""
        power = "" if self.order == 1 else f"^{{{self.order}}}"
        return f"{self.shown(self.expr)} = {self.shown(self.terms)} + O({self.shown(self.variable)}{power})"

    def decide(self) -> Verdict:
        """Expand with SymPy and compare."""
        found = sp.series(self.expr, self.variable, 0, self.order).removeO()
        if same(found, self.terms):
            return verified("SymPy's series")
        return false(f"the series is {found}")


@dataclass(frozen=True, eq=False, kw_only=True)
class Squeeze(Step):
    """``middle`` lies between two expressions with the same limit, so it has that limit.

    ``below`` states ``middle >= low`` and ``above`` states ``high >= middle`` for all values of
    ``variable`` beyond some point; the limits of ``low`` and ``high`` are taken here.
    """

    below: Sign
    above: Sign
    variable: sp.Symbol
    point: sp.Expr
    value: sp.Expr
    kind: ClassVar[str] = "squeeze"

    @property
    def expr(self) -> sp.Expr:
        """The middle expression."""
        return self.below.left

    def premises(self) -> tuple[Step, ...]:
        """Return the two inequalities."""
        return (self.below, self.above)

    def latex(self) -> str:
        """Return the limit of the middle expression."""
        where = rf"{self.shown(self.variable)} \to {self.shown(sp.sympify(self.point))}"
        return rf"\lim_{{{where}}} {self.shown(self.below.left)} = {self.shown(self.value)}"

    def decide(self) -> Verdict:
        """Check that the middle expressions agree and take both limits."""
        if not same(self.below.left, self.above.right):
            return undecided("the two bounds are about different expressions")
        ranges = [side.setting.range_of(self.variable) for side in (self.below, self.above)]
        if any(self.point not in (interval.start, interval.end) for interval in ranges):
            return undecided("a bound is not known near the point")
        limits = [sp.limit(side, self.variable, self.point) for side in (self.below.right, self.above.left)]
        if all(same(limit, self.value) for limit in limits):
            return verified(f"both bounds tend to ${sp.latex(self.value)}$")
        return undecided(f"the bounds tend to {limits[0]} and {limits[1]}")
