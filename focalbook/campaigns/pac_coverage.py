"""How often PAC-Bayes bounds fail, by Monte Carlo on finite classes of independent coins.

Each hypothesis errs on each example with its own risk, independently of the others: a data set is n examples
of
one bit for each hypothesis. All that a bound sees are numbers of errors, so a replicate is drawn as a
histogram of
them, and a class of a billion hypotheses costs as much as one of ten.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta as beta_distribution
from scipy.stats import binom

from focalbook.theory.pacbayes import best_lambda_bound, binary_kl, kl_bound

__all__ = ["RULES", "Coins", "Coverage", "clopper_pearson", "coverage"]

Float = NDArray[np.float64]
#: Values of lambda that an opponent tries.
LAMBDAS = tuple(np.geomspace(0.02, 1.9, 40))

#: What is counted as a failure of each rule; the first three are claimed to stay below delta.
RULES = {
    "any posterior": "some posterior, known to an opponent, and some lambda break the lambda bound",
    "kl event": "the event outside which all bounds hold, E_pi exp(n kl) > 2 sqrt n / delta, occurs",
    "fixed prior": "the learned posterior breaks its lambda bound, with the prior fixed in advance",
    "prior from the data": "it breaks its kl bound, the prior being equal to it",
    "lambda, prior from the data": "it breaks its lambda bound with that prior",
    "no complexity": "its training error is taken for its risk",
}


@dataclass(frozen=True)
class Coins:
    """A class of hypotheses that err independently, under the uniform prior.

    Attributes
    ----------
    risks : tuple of float, in (0, 1)
        Risk of the hypotheses of each group.
    sizes : tuple of int, >= 1
        Number of hypotheses in each group.
    n : int, >= 1
        Examples.
    delta : float, in (0, 1)
        Probability with which the bounds may fail.
    """

    risks: tuple[float, ...]
    sizes: tuple[int, ...]
    n: int = 200
    delta: float = 0.05

    def __post_init__(self) -> None:
        if len(self.risks) != len(self.sizes) or not self.risks:
            raise ValueError(f"risks and sizes must be equally many, got {self.risks!r} and {self.sizes!r}.")
        if not all(0 < risk < 1 for risk in self.risks):
            raise ValueError(f"risks must lie strictly between 0 and 1, got {self.risks!r}.")
        if not all(size >= 1 for size in self.sizes):
            raise ValueError(f"sizes must be at least 1, got {self.sizes!r}.")


@dataclass(frozen=True)
class Coverage:
    """Failures of each rule.

    Attributes
    ----------
    coins : Coins
    replicates : int
        Data sets drawn.
    failures : dict
        Number of data sets on which a rule of :data:`RULES` failed.
    """

    coins: Coins
    replicates: int
    failures: dict[str, int]

    def rate(self, rule: str) -> float:
        """Share of data sets on which the rule failed."""
        return self.failures[rule] / self.replicates

    def interval(self, rule: str, level: float = 0.999) -> tuple[float, float]:
        """Clopper-Pearson interval of the probability of failure."""
        return clopper_pearson(self.failures[rule], self.replicates, level)


def clopper_pearson(count: int, trials: int, level: float) -> tuple[float, float]:
    """Exact two-sided interval of a probability from `count` events in `trials` independent trials."""
    tail = (1.0 - level) / 2.0
    low = 0.0 if count == 0 else float(beta_distribution.ppf(tail, count, trials - count + 1))
    high = 1.0 if count == trials else float(beta_distribution.ppf(1.0 - tail, count + 1, trials - count))
    return low, high


def _histograms(coins: Coins, replicates: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Numbers of hypotheses by group and number of errors, shape (replicates, groups, n + 1)."""
    errors = np.arange(coins.n + 1)
    tables = []
    for risk, size in zip(coins.risks, coins.sizes, strict=True):
        mass = binom.pmf(errors, coins.n, risk)
        tables.append(rng.multinomial(size, mass / mass.sum(), size=replicates))
    return np.stack(tables, axis=1)


def _opponent(coins: Coins, shares: Float, lambdas: Sequence[float]) -> NDArray[np.bool_]:
    """Whether some posterior breaks the lambda bound at some lambda: Gibbs' principle gives the worst one."""
    errors = np.arange(coins.n + 1)
    broken = np.zeros(len(shares), dtype=bool)
    for lam in lambdas:
        slack = lam * ((1 - lam / 2) * coins.n * np.array(coins.risks)[:, None] - errors)
        with np.errstate(divide="ignore"):
            level = (
                np.log(shares.reshape(len(shares), -1) @ np.exp(slack - slack.max()).ravel()) + slack.max()
            )
        broken |= level > np.log(2 * np.sqrt(coins.n) / coins.delta)
    return broken


def _posterior(tables: NDArray[np.int64], risks: Float, beta: float) -> tuple[Float, Float, Float]:
    """Risk, training error and divergence from the uniform prior of exp(-beta training error), normalised."""
    n = tables.shape[2] - 1
    fewest = (tables.sum(axis=1) > 0).argmax(axis=1)
    above = np.arange(n + 1) - fewest[:, None]  # errors above the fewest
    steep = min(beta, 1e6 * n)  # beyond, all mass is on the fewest errors to the last bit
    weight = np.exp(-steep * np.maximum(above, 0) / n)
    mass = tables * weight[:, None, :]
    total = mass.sum(axis=(1, 2))
    risk = mass.sum(axis=2) @ risks / total
    more = (mass.sum(axis=1) * np.maximum(above, 0)).sum(axis=1) / total
    divergence = np.log(tables[0].sum()) - np.log(total) - steep * more / n
    return risk, (fewest + more) / n, np.maximum(divergence, 0.0)


def coverage(
    coins: Coins,
    replicates: int,
    rng: np.random.Generator,
    beta: float = math.inf,
    lambdas: Sequence[float] = LAMBDAS,
) -> Coverage:
    """Draw data sets and count how often each rule of :data:`RULES` fails.

    Parameters
    ----------
    coins : Coins
        The class.
    replicates : int, >= 1
        Data sets.
    rng : numpy Generator
        Source of randomness.
    beta : float, >= 0
        The learned posterior is the Maxwell-Boltzmann distribution with the training errors as energies, at
        this
        inverse temperature. Infinite: all mass on the hypotheses with the fewest errors.
    lambdas : sequence of float, in (0, 2)
        Values of lambda that the opponent of the first rule tries.

    Returns
    -------
    Coverage
        Counts, one for each rule.
    """
    if replicates < 1:
        raise ValueError(f"replicates must be at least 1, got {replicates}.")
    if not beta >= 0:
        raise ValueError(f"beta must be at least 0, got {beta}.")
    total = sum(coins.sizes)
    tables = _histograms(coins, replicates, rng)
    errors, risks = np.arange(coins.n + 1), np.array(coins.risks)
    shares = tables / total
    ratio = np.exp(coins.n * np.asarray(binary_kl(errors / coins.n, risks[:, None])))
    moment = shares.reshape(replicates, -1) @ ratio.ravel()
    risk, empirical, divergence = _posterior(tables, risks, beta)
    own = np.zeros(replicates)  # divergence from a prior equal to the posterior
    failed = {
        "any posterior": _opponent(coins, shares, lambdas),
        "kl event": moment > 2 * np.sqrt(coins.n) / coins.delta,
        "fixed prior": risk > best_lambda_bound(empirical, divergence, coins.n, coins.delta),
        "prior from the data": risk > kl_bound(empirical, own, coins.n, coins.delta),
        "lambda, prior from the data": risk > best_lambda_bound(empirical, own, coins.n, coins.delta),
        "no complexity": risk > empirical,
    }
    return Coverage(coins, replicates, {rule: int(np.sum(broken)) for rule, broken in failed.items()})
