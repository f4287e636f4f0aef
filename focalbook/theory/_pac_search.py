"""Minimising the PAC-Bayes-lambda bound over the posterior and lambda, with all its local minima.

Alternation maps lambda to T(lambda) = optimal_lambda(Gibbs distribution at lambda). T grows, because the mean
loss of the Gibbs distribution falls with lambda and its divergence from the prior grows. Two things follow
(claim GC-4). Iterates from any start move one way only and skip no fixed point, so those from the two ends
enclose all of them: if they meet, the minimum is the only one. If they do not, starts in between find the
others, each excluding the interval that its iterates have crossed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from focalbook.theory._pac_validate import check_delta, check_lambda, check_losses, check_prior, check_sample
from focalbook.theory._validate import Float

__all__ = ["Landscape", "Minimum", "alternate", "bound_at", "minimize_bound"]

_BLOCK = 1 << 20  # numbers exponentiated at once
_SAME = 1e-7  # relative distance below which two fixed points are one
_RESOLUTION = 1e-5  # relative width of an interval that is not searched any further


@dataclass(frozen=True)
class Minimum:
    """Where alternating minimisation stopped.

    Attributes
    ----------
    lam : float
        Lambda, in (0, 1].
    posterior : ndarray, shape (m,)
        The Gibbs distribution at this lambda.
    bound : float
        The bound on its risk; above one it says nothing.
    empirical, kl : float
        Its mean training loss, and its divergence from the prior in nats.
    history : tuple of float
        The bound before the first step and after each of them; it never rises.
    path : tuple of float
        Lambda at the same moments.
    converged : bool
        Whether lambda came to rest within the tolerance.
    """

    lam: float
    posterior: Float
    bound: float
    empirical: float
    kl: float
    history: tuple[float, ...]
    path: tuple[float, ...]
    converged: bool


@dataclass(frozen=True)
class Landscape:
    """All local minima of the bound as a function of lambda alone.

    Attributes
    ----------
    minima : tuple of Minimum
        In the order of lambda. Pairs closer than a relative 1e-5 may be missed.
    barriers : tuple of float
        Lambdas of the local maxima between them, to the same resolution.
    """

    minima: tuple[Minimum, ...]
    barriers: tuple[float, ...]

    @property
    def best(self) -> Minimum:
        """The global minimum."""
        return min(self.minima, key=lambda one: one.bound)

    @property
    def unique(self) -> bool:
        """Whether the bound is quasi-convex in lambda: one minimum, found from every start."""
        return len(self.minima) == 1

    @property
    def gap(self) -> float:
        """How much a start at the wrong place costs: the worst minimum minus the best one."""
        return max(one.bound for one in self.minima) - self.best.bound


class _Problem:
    """A validated problem in which hypotheses of equal loss are one."""

    def __init__(self, prior: ArrayLike, losses: ArrayLike, n: ArrayLike, delta: ArrayLike) -> None:
        self.prior = check_prior(prior)
        self.losses = check_losses(losses, self.prior.size)
        self.n = float(check_sample(n))
        self.price = float(np.log(2.0) + 0.5 * np.log(self.n) - np.log(check_delta(delta)))
        alive = self.prior > 0
        levels, place = np.unique(self.losses[alive], return_inverse=True)
        mass = np.bincount(place, weights=self.prior[alive])
        self.least, self.excess = float(levels[0]), levels - levels[0]
        self.log_mass = np.log(mass / mass.sum())

    def moments(self, lam: float) -> tuple[float, float]:
        """Mean training loss of the Gibbs distribution at lambda, and its divergence from the prior."""
        rate = lam * self.n
        exponent = self.log_mass - rate * self.excess
        top = float(exponent.max())
        weight = np.exp(exponent - top)
        total = float(weight.sum())
        above = float(weight @ self.excess) / total
        return self.least + above, max(-rate * above - top - float(np.log(total)), 0.0)

    def bound(self, lam: float, empirical: float, kl: float) -> float:
        """The lambda bound."""
        return (empirical + (kl + self.price) / (self.n * lam)) / (1.0 - lam / 2.0)

    def best_lambda(self, empirical: float, kl: float) -> float:
        """The best lambda for a posterior."""
        return float(2.0 / (1.0 + np.sqrt(1.0 + 2.0 * self.n * empirical / (kl + self.price))))

    def lowest_lambda(self) -> float:
        """No fixed point lies below this: the largest loss at the smallest divergence."""
        return self.best_lambda(self.least + float(self.excess[-1]), 0.0)

    def run(self, start: float, tolerance: float, limit: int) -> Minimum:
        """Alternate from a lambda until it rests."""
        lam, (empirical, kl) = start, self.moments(start)
        history, path, converged = [self.bound(lam, empirical, kl)], [lam], False
        for _ in range(limit):
            following = self.best_lambda(empirical, kl)
            converged = abs(following - lam) <= tolerance * following
            lam, (empirical, kl) = following, self.moments(following)
            history.append(self.bound(lam, empirical, kl))
            path.append(lam)
            if converged:
                break
        exponent = -lam * self.n * (self.losses - self.least)
        with np.errstate(divide="ignore"):
            exponent += np.log(self.prior)
        weight = np.exp(exponent - exponent.max())
        return Minimum(
            lam, weight / weight.sum(), history[-1], empirical, kl, tuple(history), tuple(path), converged
        )


def alternate(
    prior: ArrayLike,
    losses: ArrayLike,
    n: int,
    delta: float,
    start: float = 1.0,
    tolerance: float = 1e-12,
    limit: int = 10_000,
) -> Minimum:
    """Minimise the PAC-Bayes-lambda bound by turns: the Gibbs distribution for lambda, lambda for it.

    Parameters
    ----------
    prior : array_like, shape (m,)
        Masses that sum to one, zeros allowed, chosen without the n examples.
    losses : array_like, shape (m,), in [0, 1]
        Mean loss of each hypothesis on the n examples.
    n : int, >= 1
        Number of examples.
    delta : float, in (0, 1)
        Probability with which the bound may fail.
    start : float, in (0, 2)
        First lambda. Where the bound has several minima, it decides which one is found.
    tolerance : float
        Relative change of lambda at which to stop.
    limit : int
        Steps at most.

    Returns
    -------
    Minimum
        With the bound after every step; ``converged`` says whether it came to rest.

    Raises
    ------
    ValueError
        An argument outside its range, or shapes that do not fit.

    Notes
    -----
    Source: ``thiemann2017strongly``, section 4. Claim GC-4. A million hypotheses cost some 10 ms a step;
    hypotheses of equal loss count as one.
    """
    return _Problem(prior, losses, n, delta).run(float(check_lambda(start)), tolerance, limit)


def bound_at(prior: ArrayLike, losses: ArrayLike, n: int, delta: float, lam: ArrayLike) -> Float:
    """The bound as a function of lambda alone: at each lambda with its best posterior, the Gibbs one.

    Arguments and errors as for :func:`alternate`; `lam` of any shape, which is that of the result.
    """
    problem = _Problem(prior, losses, n, delta)
    rates = check_lambda(lam)
    values = [problem.bound(one, *problem.moments(one)) for one in rates.ravel().tolist()]
    return np.asarray(values).reshape(rates.shape)[()]


def minimize_bound(
    prior: ArrayLike, losses: ArrayLike, n: int, delta: float, tolerance: float = 1e-12, limit: int = 10_000
) -> Landscape:
    """All local minima of the bound over lambda, hence its global minimum over posterior and lambda.

    Arguments and errors as for :func:`alternate`.

    Returns
    -------
    Landscape
        ``.best`` is the global minimum; ``.unique`` says whether alternation finds it from every start.

    Notes
    -----
    Iterates from the two ends of the range of lambda enclose all fixed points; where they do not meet, starts
    in between are tried, and each excludes the interval that its iterates cross. Claim GC-4.
    """
    problem = _Problem(prior, losses, n, delta)
    low, high = problem.run(problem.lowest_lambda(), tolerance, limit), problem.run(1.0, tolerance, limit)
    if high.lam - low.lam <= _SAME * high.lam:
        return Landscape((high,), ())
    minima, barriers, todo = [low, high], [], [(low.lam, high.lam)]
    while todo:
        left, right = todo.pop()
        if right - left <= _RESOLUTION * right:
            barriers.append(0.5 * (left + right))
            continue
        middle = float(np.sqrt(left * right))
        found = problem.run(middle, tolerance, limit)
        new = left * (1 + _SAME) < found.lam < right * (1 - _SAME)
        if new:
            minima.append(found)
        # iterates rise to a fixed point above the start, or fall to one below it: nothing lies in between
        below, above = (middle, found.lam) if found.lam > middle else (found.lam, middle)
        if below > left * (1 + _SAME):
            todo.append((left, below))
        if above < right * (1 - _SAME):
            todo.append((above, right))
    return Landscape(tuple(sorted(minima, key=lambda one: one.lam)), tuple(sorted(barriers)))
