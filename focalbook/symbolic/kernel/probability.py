"""Limit theorems of probability: textbook facts, each behind a check of its premises.

No program here proves a law of large numbers or a central limit theorem. What is decided is that the premise
of the theorem, an inequality and a limit, has been established for the quantity in question.
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
    return None


@dataclass(frozen=True, eq=False, kw_only=True)
class WeakLaw(Step):
    """Chebyshev: a mean of independent quantities tends to its expectation, as its variance tends to zero.

    Attributes
    ----------
    variance
        ``bound >= variance of the mean``.
    limit
        The bound tends to zero.
    mean, expectation
        Symbols for the mean and what it tends to; only shown.
    """

    variance: Sign
    limit: Limit
    mean: sp.Symbol
    expectation: sp.Expr
    kind: ClassVar[str] = "law of large numbers"

    def premises(self) -> tuple[Step, ...]:
        """Return the bound on the variance and its limit."""
        return (self.variance, self.limit)

    def latex(self) -> str:
        """Return the convergence in probability."""
        return rf"{self.shown(self.mean)} - {self.shown(self.expectation)} \xrightarrow{{\;P\;}} 0"

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
    ratio
        ``bound >= sum of third absolute moments / (sum of variances)^(3/2)``.
    limit
        The bound tends to zero.
    total, deviation
        Symbols for the sum and its standard deviation; only shown.
    """

    centred: Identity
    ratio: Sign
    limit: Limit
    total: sp.Symbol
    deviation: sp.Expr
    kind: ClassVar[str] = "central limit theorem"

    def premises(self) -> tuple[Step, ...]:
        """Return the mean, the bound on the ratio and its limit."""
        return (self.centred, self.ratio, self.limit)

    def latex(self) -> str:
        """Return the convergence in distribution."""
        return rf"{self.shown(self.total)} / {self.shown(self.deviation)} \xrightarrow{{\;d\;}} N(0, 1)"

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
        ``numerator = denominator * quotient``.
    numerator
        Its central limit theorem.
    denominator
        Its law of large numbers.
    positive
        The limit of the denominator is positive.
    quotient, variance
        What converges, and the variance of its normal limit, that of the numerator over the square of the
        limit of the denominator.
    scale
        Variance of the numerator, per row.
    """

    equation: Identity
    numerator: CentralLimit
    denominator: WeakLaw
    positive: Sign
    quotient: sp.Expr
    scale: sp.Expr
    variance: sp.Expr
    kind: ClassVar[str] = "limit in distribution"

    def premises(self) -> tuple[Step, ...]:
        """Return the equation and the limits of its parts."""
        return (self.equation, self.numerator, self.denominator, self.positive)

    def latex(self) -> str:
        """Return the normal limit of the quotient."""
        return rf"{self.shown(self.quotient)} \xrightarrow{{\;d\;}} N(0, {self.shown(self.variance)})"

    def decide(self) -> Verdict:
        """Check the sign of the limit and the variance of the quotient."""
        limit = self.denominator.expectation
        if not self.positive.strict or not same(self.positive.difference, limit):
            return undecided("the limit of the denominator is not known to be positive")
        if not same(self.variance, self.scale / limit**2):
            return undecided("the variance is not that of the numerator over the squared denominator")
        return verified("Slutsky's lemma")
