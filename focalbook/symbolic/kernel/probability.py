"""Limit theorems of probability: textbook facts, each behind a check of its premises.

No program here proves a law of large numbers or a central limit theorem. What is decided is that the
premises of the theorem, an expectation, an inequality and a limit, have been established, and that the parts
of the conclusion are those of the premises. That an inequality is about the variance of this mean, or about
the third moments of these summands, is said in the title of its step; it is read, not decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.positivity import same
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified


def _vanishes(bound: Sign, limit: Limit) -> str | None:
    """Why a quantity is not known to vanish for many rows, or None when its bound tends to zero."""
    if limit.point is not sp.oo or limit.value != 0:
        return "the bound is not known to tend to zero"
    if not same(limit.expr, bound.left):
        return "the limit is about another bound"
    if not limit.variable.is_positive or bound.setting.range_of(limit.variable).end is not sp.oo:
        return "the bound is not known for many rows"
    return None


@dataclass(frozen=True, eq=False, kw_only=True)
class WeakLaw(Step):
    """Chebyshev: a mean of independent quantities tends to its expectation, as its variance tends to zero.

    Attributes
    ----------
    centre
        ``expectation of one quantity = right side``.
    variance
        ``bound >= variance of the mean``.
    limit
        The bound tends to zero, as the number of rows grows.
    mean
        Symbol for the mean.
    """

    centre: Identity
    variance: Sign
    limit: Limit
    mean: sp.Symbol
    kind: ClassVar[str] = "law of large numbers"

    @property
    def expectation(self) -> sp.Expr:
        """What the mean tends to."""
        return self.centre.right

    def premises(self) -> tuple[Step, ...]:
        """Return the expectation, the bound on the variance and its limit."""
        return (self.centre, self.variance, self.limit)

    def latex(self) -> str:
        """Return the convergence in probability."""
        return rf"{self.shown(self.mean)} \xrightarrow{{\;P\;}} {self.shown(self.expectation)}"

    def decide(self) -> Verdict:
        """Check that the bound on the variance vanishes."""
        missed = _vanishes(self.variance, self.limit)
        return undecided(missed) if missed else verified("Chebyshev's inequality: the variance tends to zero")


@dataclass(frozen=True, eq=False, kw_only=True)
class CentralLimit(Step):
    """Lyapunov: independent summands of mean zero whose ratio of third moments vanishes have a normal sum.

    Attributes
    ----------
    centred
        The mean of one summand is zero.
    spread
        ``variance of one summand = right side``.
    ratio
        ``bound >= sum of third absolute moments / (sum of variances)^(3/2)``.
    limit
        The bound tends to zero, as the number of rows grows.
    total
        Symbol for the sum.
    """

    centred: Identity
    spread: Identity
    ratio: Sign
    limit: Limit
    total: sp.Symbol
    kind: ClassVar[str] = "central limit theorem"

    @property
    def rows(self) -> sp.Symbol:
        """The number of summands."""
        return self.limit.variable

    def premises(self) -> tuple[Step, ...]:
        """Return mean and variance of a summand, the bound on the ratio and its limit."""
        return (self.centred, self.spread, self.ratio, self.limit)

    def latex(self) -> str:
        """Return the convergence in distribution."""
        deviation = sp.sqrt(self.rows * self.spread.right)
        return rf"\frac{{{self.shown(self.total)}}}{{{self.shown(deviation)}}} \xrightarrow{{\;d\;}} N(0, 1)"

    def decide(self) -> Verdict:
        """Check that the summand is centred and that Lyapunov's ratio vanishes."""
        if self.centred.right != 0:
            return undecided("the summand is not known to have mean zero")
        missed = _vanishes(self.ratio, self.limit)
        return undecided(missed) if missed else verified("Lyapunov's theorem: the ratio tends to zero")


@dataclass(frozen=True, eq=False, kw_only=True)
class Slutsky(Step):
    """A quotient: the numerator has a limit in distribution, the denominator one in probability, positive.

    Attributes
    ----------
    equation
        ``total / sqrt(rows) = (mean - remainder) * quotient``, total and mean being those of the two limits.
    numerator
        The central limit theorem of the total.
    denominator
        The law of large numbers of the mean.
    positive
        The limit of the denominator is positive.
    remainder
        Symbol of what the denominator differs by from that mean.
    small, vanishing
        ``bound >= size of the remainder``, and the limit zero of this bound.
    quotient, variance
        What converges, and the variance of its normal limit, that of one summand over the square of the limit
        of the denominator.
    """

    equation: Identity
    numerator: CentralLimit
    denominator: WeakLaw
    positive: Sign
    remainder: sp.Symbol
    small: Sign
    vanishing: Limit
    quotient: sp.Expr
    variance: sp.Expr
    kind: ClassVar[str] = "limit in distribution"

    def premises(self) -> tuple[Step, ...]:
        """Return the equation and the limits of its parts."""
        parts = (self.equation, self.numerator, self.denominator, self.positive)
        return (*parts, self.small, self.vanishing)

    def latex(self) -> str:
        """Return the normal limit of the quotient."""
        return rf"{self.shown(self.quotient)} \xrightarrow{{\;d\;}} N(0, {self.shown(self.variance)})"

    def decide(self) -> Verdict:
        """Check the equation, the remainder, the sign of the limit and the variance of the quotient."""
        limit, clt = self.denominator.expectation, self.numerator
        if not same(self.equation.left, clt.total / sp.sqrt(clt.rows)) or not same(
            self.equation.right, (self.denominator.mean - self.remainder) * self.quotient
        ):
            return undecided("the equation is not about this total, this mean and this quotient")
        if self.vanishing.value != 0 or not same(self.vanishing.expr, self.small.left):
            return undecided("the remainder is not known to vanish")
        if not self.positive.strict or not same(self.positive.difference, limit):
            return undecided("the limit of the denominator is not known to be positive")
        if not same(self.variance, clt.spread.right / limit**2):
            return undecided("the variance is not that of a summand over the squared denominator")
        return verified("Slutsky's lemma")
