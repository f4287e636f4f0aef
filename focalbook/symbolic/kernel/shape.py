"""The shape of a function of one variable: bijections, sign changes, rising and falling, level sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified


@dataclass(frozen=True, eq=False, kw_only=True)
class Bijection(Step):
    """A continuous strictly monotone function maps an open interval onto the interval between its end limits.

    ``monotone`` states that the derivative of ``expr`` (or minus the derivative) is positive.
    """

    expr: sp.Expr
    variable: sp.Symbol
    monotone: Sign
    left: Limit
    right: Limit
    kind: ClassVar[str] = "bijection"

    def premises(self) -> tuple[Step, ...]:
        """Return the monotonicity and the two end limits."""
        return (self.monotone, self.left, self.right)

    @property
    def decreasing(self) -> bool:
        """Whether the sign of the derivative is negative."""
        return same(self.monotone.difference, -sp.diff(self.expr, self.variable))

    def latex(self) -> str:
        """Return the mapping with its range."""
        low, high = (
            (self.right.value, self.left.value) if self.decreasing else (self.left.value, self.right.value)
        )
        arrow = r"\searrow" if self.decreasing else r"\nearrow"
        ends = f"({self.shown(sp.sympify(self.left.point))}, {self.shown(sp.sympify(self.right.point))})"
        rule = rf"{self.shown(self.variable)} \mapsto {self.shown(self.expr)}"
        image = f"({self.shown(sp.sympify(low))}, {self.shown(sp.sympify(high))})"
        return rf"{rule}:\ {ends} \to {image}\ {arrow}\ \text{{one to one, onto}}"

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the order between the values at two arguments x and y."""
        x, y = sp.symbols("x y", real=True)
        at_x, at_y = self.expr.subs(self.variable, x), self.expr.subs(self.variable, y)
        below = at_x > at_y if self.decreasing else at_x < at_y
        return (sp.And(sp.Equivalent(x < y, below), sp.Equivalent(sp.Eq(x, y), sp.Eq(at_x, at_y))),)

    def decide(self) -> Verdict:
        """Check that the premises are about the same function."""
        slope = sp.diff(self.expr, self.variable)
        if not (self.decreasing or same(self.monotone.difference, slope)) or not self.monotone.strict:
            return undecided("the inequality is not about the derivative")
        if not self.monotone.spans(self.variable, self.left.point, self.right.point):
            return undecided("the derivative is not known on the whole interval")
        if self.left.direction != "+" or (self.right.point is not sp.oo and self.right.direction != "-"):
            return undecided("an end is approached from outside")
        for end in (self.left, self.right):
            if end.variable != self.variable or not same(end.expr, self.expr):
                return undecided("a limit is about another function")
        return verified("intermediate value theorem: continuous, strictly monotone, with these end limits")


@dataclass(frozen=True, eq=False, kw_only=True)
class SignOf(Step):
    """``expr`` has the sign of ``variable - root``: zero at the root, with a positive derivative."""

    expr: sp.Expr
    variable: sp.Symbol
    root: sp.Expr
    growing: Sign
    kind: ClassVar[str] = "sign"

    def premises(self) -> tuple[Step, ...]:
        """Return the sign of the derivative."""
        return (self.growing,)

    def latex(self) -> str:
        """Return the equality of signs."""
        signs = [
            rf"\operatorname{{sign}}\left( {self.shown(e)} \right)"
            for e in (self.expr, self.variable - self.root)
        ]
        return " = ".join(signs)

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the equivalence of the signs."""
        return (
            sp.And(
                sp.Equivalent(self.expr > 0, self.variable > self.root),
                sp.Equivalent(sp.Eq(self.expr, 0), sp.Eq(self.variable, self.root)),
            ),
        )

    def decide(self) -> Verdict:
        """Check the value at the root and that the premise is about the derivative."""
        if not same(self.expr.subs(self.variable, self.root), 0):
            return undecided("the expression does not vanish at the root")
        if not self.growing.strict or not same(self.growing.difference, sp.diff(self.expr, self.variable)):
            return undecided("the inequality is not about the derivative")
        if not self.growing.setting.stays_inside(self.variable, self.root):
            return undecided("the derivative is not known up to the root")
        return verified("mean value theorem: zero at the root, positive derivative")


@dataclass(frozen=True, eq=False, kw_only=True)
class SignChange(Step):
    """A strictly convex function on (a, b) that starts positive and reaches zero at b from below.

    It is zero at exactly one interior point, positive before it and negative after it: it is negative
    just left of b because its slope there is positive, and a strictly convex function takes the value
    zero at most twice on (a, b], once at b.

    ``mark`` is how the point is written, the variable with a star where it is empty.
    """

    expr: sp.Expr
    variable: sp.Symbol
    convex: Sign
    start: Limit
    end: Limit
    end_slope: Limit
    mark: str = ""
    kind: ClassVar[str] = "shape"

    def premises(self) -> tuple[Step, ...]:
        """Return convexity, the end values and the slope at the right end."""
        return (self.convex, self.start, self.end, self.end_slope)

    def latex(self) -> str:
        """Return the sign pattern."""
        x = self.shown(self.variable)
        root = self.mark or f"{x}^*"
        pattern = rf"{self.shown(self.expr)} > 0 \iff {x} < {root}, \quad < 0 \iff {x} > {root}"
        return rf"\exists!\, {root} \in (0, 1):\quad {pattern}"

    def decide(self) -> Verdict:
        """Check that the premises are about this function and have the right values."""
        x = self.variable
        if not self.convex.strict or not same(self.convex.difference, sp.diff(self.expr, x, 2)):
            return undecided("the inequality is not about the second derivative")
        if not same(self.start.expr, self.expr) or not same(self.end.expr, self.expr):
            return undecided("an end value is about another function")
        if not same(self.end_slope.expr, sp.diff(self.expr, x)):
            return undecided("the slope is about another function")
        ends = (self.start.point, self.end.point, self.end_slope.point)
        sides = (self.start.direction, self.end.direction, self.end_slope.direction)
        if not self.convex.spans(x, *ends[:2]) or ends[1] != ends[2] or sides != ("+", "-", "-"):
            return undecided("the premises are not about one interval and its ends")
        starts = self.start.value is sp.oo or manifestly(sp.sympify(self.start.value), strict=True)
        if not starts or self.end.value != 0 or not manifestly(self.end_slope.value, strict=True):
            return undecided("the end values do not have the signs that are needed")
        return verified("strict convexity, the values and the slope at the ends")


@dataclass(frozen=True, eq=False, kw_only=True)
class BudgetRoot(Step):
    """Exactly one multiplier makes the solutions of p_i phi(q_i) = lambda sum to one, on two atoms or more.

    Attributes
    ----------
    slope
        phi is a decreasing bijection of (0, 1) onto (0, oo): each solution q_i(lambda) is continuous and
        falls from 1 to 0.
    product
        The identity ``q phi(q) = h(q)``, hence ``q_i(lambda) = h(q_i) p_i / lambda``.
    bounded
        The shape of h, which has a finite maximum: the solutions are dominated by ``max h p_i / lambda``,
        so their sum is finite and continuous on any alphabet and tends to 0.
    multiplier
        The symbol of the multiplier.
    """

    slope: Bijection
    product: Identity
    bounded: Step
    multiplier: sp.Symbol
    kind: ClassVar[str] = "existence"

    def premises(self) -> tuple[Step, ...]:
        """Return the bijection, the identity and the bound."""
        return (self.slope, self.product, self.bounded)

    def latex(self) -> str:
        """Return the existence and uniqueness of the multiplier."""
        name = self.shown(self.multiplier)
        return rf"\exists!\, {name} > 0:\quad \sum_{{i}} \varphi^{{-1}}({name} / p_{{i}}) = 1"

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return that S(x), the sum of the solutions at the multiplier x, falls."""
        x, y = sp.symbols("x y", real=True)
        total = sp.Function("S")
        return (
            sp.And(
                sp.Equivalent(x < y, total(x) > total(y)),
                sp.Equivalent(sp.Eq(x, y), sp.Eq(total(x), total(y))),
            ),
        )

    def decide(self) -> Verdict:
        """Check that the premises are about one slope and one gain, with the right ranges."""
        x = self.slope.variable
        ends = (self.slope.left.point, self.slope.right.point, self.slope.left.value, self.slope.right.value)
        if not self.slope.decreasing or ends != (0, 1, sp.oo, 0):
            return undecided("the slope is not a decreasing bijection of (0, 1) onto (0, oo)")
        if not same(self.product.left, x * self.slope.expr):
            return undecided("the identity is about another slope")
        bound = getattr(self.bounded, "expr", None)
        if bound is None or not same(bound.subs(self.bounded.variable, x), self.product.right):  # type: ignore[attr-defined]
            return undecided("the bound is about another gain")
        return verified("intermediate value theorem for a dominated sum of decreasing continuous functions")
