"""Existence in families with one parameter, and the calculus of variations for integrands without derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy as sp
from sympy.calculus.euler import euler_equations
from sympy.calculus.singularities import singularities

from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.shape import Bijection
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified
from focalbook.symbolic.kernel.sums import DoubleSum, LimitOfSum


@dataclass(frozen=True, eq=False, kw_only=True)
class Stationary(Step):
    """A positive function makes an integral of ``integrand`` stationary, and the integrand is strictly concave.

    Attributes
    ----------
    integrand
        The integrand, through ``unknown(variable)``; it holds the multipliers.
    unknown
        The unknown function.
    variable
        Its argument.
    solution
        What is claimed to solve the Euler-Lagrange equation.
    """

    integrand: sp.Expr
    unknown: sp.FunctionClass
    variable: sp.Symbol
    solution: sp.Expr
    kind: ClassVar[str] = "variation"

    def latex(self) -> str:
        """Return the equation and its solution."""
        f = self.unknown(self.variable)
        equation = self.shown(sp.diff(self.integrand, f))
        return rf"{equation} = 0 \iff {self.shown(f)} = {self.shown(self.solution)}"

    def decide(self) -> Verdict:
        """Solve SymPy's Euler-Lagrange equation with the claimed function, and check the sign of the bend."""
        f, value = self.unknown(self.variable), sp.Dummy("f", positive=True)
        if self.integrand.has(sp.Derivative):
            return undecided("the integrand holds a derivative: the bend is then not enough")
        (equation,) = euler_equations(self.integrand, f, self.variable)
        if not manifestly(self.solution, strict=True):
            return undecided("the function is not manifestly positive")
        if not same((equation.lhs - equation.rhs).subs(f, self.solution).doit(), 0):
            return undecided("the function does not solve the Euler-Lagrange equation")
        bend = sp.diff(self.integrand.subs(f, value), value, 2)
        if not manifestly(-bend, strict=True):
            return undecided("the integrand is not manifestly concave")
        return verified("SymPy's Euler-Lagrange equation; the integrand is strictly concave")


@dataclass(frozen=True, eq=False, kw_only=True)
class CommonLevel(Step):
    """Exactly one level makes the solutions ``q_i`` of ``f_i(q_i) = level`` sum to one, on finitely many atoms.

    Attributes
    ----------
    slopes
        Decreasing bijections of (0, oo) onto the line, one for each kind of atom: each solution exists, is
        continuous in the level and falls from infinity to zero.
    level
        The symbol of the level.
    """

    slopes: tuple[Bijection, ...]
    level: sp.Symbol
    kind: ClassVar[str] = "existence"

    def premises(self) -> tuple[Step, ...]:
        """Return the bijections."""
        return self.slopes

    def latex(self) -> str:
        """Return the existence and uniqueness of the level."""
        name = self.shown(self.level)
        return rf"\exists!\, {name} \in \mathbb{{R}}:\quad \sum_{{i}} q_i({name}) = 1"

    def decide(self) -> Verdict:
        """Check that the premises map the positive half line onto the whole line, decreasing."""
        for slope in self.slopes:
            ends = (slope.left.point, slope.right.point, slope.left.value, slope.right.value)
            if not slope.decreasing or ends != (0, sp.oo, sp.oo, -sp.oo):
                return undecided("a slope is not a decreasing bijection of (0, oo) onto the line")
            if slope.expr.has(self.level):
                return undecided("a slope depends on the level")
        if not self.slopes:
            return undecided("no slope is given")
        return verified("intermediate value theorem for a finite sum of decreasing continuous functions")


@dataclass(frozen=True, eq=False, kw_only=True)
class Attained(Step):
    """The mean of finitely many energies takes every value between the ends once as the parameter runs.

    Attributes
    ----------
    weight
        Weight of one energy as a function of the parameter: positive, without singularities.
    parameter
        Runs over the whole line.
    variance
        The double sum to which the variance is proportional; minus it is the slope of the mean.
    strict
        Its term is positive for two energies that differ.
    end
        The distance from the lower end tends to zero; the other end is the same with energies reflected.
    """

    weight: sp.Expr
    parameter: sp.Symbol
    variance: DoubleSum
    strict: Sign
    end: LimitOfSum
    kind: ClassVar[str] = "existence"

    def premises(self) -> tuple[Step, ...]:
        """Return the slope, its strict sign and the end limit."""
        return (self.variance, self.strict, self.end)

    def latex(self) -> str:
        """Return the bijection."""
        name = self.shown(self.parameter)
        return rf"{name} \mapsto m({name}):\ \mathbb{{R}} \to (\min x, \max x)\ \searrow\ \text{{one to one, onto}}"

    def decide(self) -> Verdict:
        """Check continuity of the weight and that the premises are about it."""
        if not manifestly(self.weight, strict=True):
            return undecided("the weight is not manifestly positive")
        if singularities(self.weight, self.parameter) != sp.S.EmptySet:
            return undecided("the weight is not known to be continuous")
        if not self.strict.strict or self.end.theorem != "dominated convergence" or self.end.term.value != 0:
            return undecided("a premise is too weak")
        if self.end.term.variable != self.parameter or self.end.term.point is not sp.oo:
            return undecided("the limit is not taken at the end of the line")
        energies = [self.variance.term.coeff(1, 0), self.strict.difference]
        if not all(expr.has(self.parameter) for expr in energies[1:]):
            return undecided("the strict inequality is not about the weights")
        return verified("intermediate value theorem: a continuous mean with a negative slope and these ends")
