"""Existence in families with one parameter, and the calculus of variations without derivatives."""

from __future__ import annotations

from collections.abc import Mapping
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
    """A positive function makes an integral stationary, and the integrand is strictly concave.

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
    """Exactly one level makes the solutions of ``f_i(q_i) = level`` sum to one, on finitely many atoms.

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
    parameter, energy, multiplicity
        Its symbols; the parameter runs over the whole line.
    variance
        Sums of the weights as one double sum: the slope of the mean is minus it, over a square.
    strict
        The term of the double sum is positive for two energies that differ.
    levels
        What the symbols of `weight` and of `strict` become for levels i and j.
    end
        The weighed distance from the lower end tends to zero; for the other end reflect the energies. Its
        variable stands for positive values of the parameter.
    """

    weight: sp.Expr
    parameter: sp.Symbol
    energy: sp.Symbol
    multiplicity: sp.Symbol
    variance: DoubleSum
    strict: Sign
    levels: Mapping[sp.Symbol, sp.Expr]
    end: LimitOfSum
    kind: ClassVar[str] = "existence"

    def premises(self) -> tuple[Step, ...]:
        """Return the slope, its strict sign and the end limit."""
        return (self.variance, self.strict, self.end)

    def latex(self) -> str:
        """Return the bijection."""
        name = self.shown(self.parameter)
        rule = rf"{name} \mapsto m({name}):\ \mathbb{{R}} \to (\min x, \max x)"
        return rule + r"\ \searrow\ \text{one to one, onto}"

    def decide(self) -> Verdict:
        """Check continuity of the weight and that the premises are about it."""
        if not manifestly(self.weight, strict=True):
            return undecided("the weight is not manifestly positive")
        if singularities(self.weight, self.parameter) != sp.S.EmptySet:
            return undecided("the weight is not known to be continuous")
        x, w = (expr.subs(self.levels, simultaneous=True) for expr in (self.energy, self.weight))
        if self.variance.products != ((sp.S.One, w, w * x**2), (-sp.S.One, w * x, w * x)):
            return undecided("the double sum is not that of the weights")
        term = self.strict.difference.subs(self.levels, simultaneous=True)
        if not self.strict.strict or not same(term, self.variance.term):
            return undecided("the strict inequality is not about the double sum")
        distance = self.end.bound.left if self.end.bound else None
        if self.end.theorem != "dominated convergence" or distance is None:
            return undecided("the end is not reached by dominated convergence")
        lone = self.weight.subs({self.energy: distance, self.multiplicity: 1})
        limit = self.end.term
        if (limit.point, limit.value) != (sp.oo, 0):
            return undecided("the limit is not zero at the end of the line")
        if not same(limit.expr, distance * lone.subs(self.parameter, limit.variable)):
            return undecided("the limit is about another weight")
        return verified("intermediate value theorem: a continuous mean with a negative slope and these ends")
