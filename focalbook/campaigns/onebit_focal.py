"""Focal estimators of one-bit models on simulated bits: bias, efficiency, coverage, and where they bend.

Bits are drawn as counts, so that ten thousand replicates cost about a second for each exponent. Claim OB-8.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from focalbook.onebit import Bernoulli, Gaussian, Model, Poisson, focal_fit_batch, focal_limit
from focalbook.onebit._tails import Tails, logistic_tails, normal_tails
from focalbook.onebit._weights import plain, proper

__all__ = [
    "Errors",
    "LargeSample",
    "Replicates",
    "Scatter",
    "convexity_limit",
    "designs",
    "errors",
    "gaussian",
    "root_mean_square",
    "run",
]

Float = NDArray[np.float64]
#: Estimators that are compared, in the order of the first axis of results.
ESTIMATORS = ("plain", "recovered", "proper", "maximum likelihood")


def gaussian() -> tuple[Model, Float]:
    """The example of the chapter: five thresholds, mean 0.3, standard deviation 1."""
    return Gaussian(1.0, [-1.5, -0.5, 0.5, 1.5, 2.5]), np.array([0.3, 1.0])


def designs() -> dict[str, tuple[Model, Float]]:
    """Three designs with more cells than parameters, by link."""
    steps = np.linspace(-2.0, 2.0, 5)
    return {
        "logit": (Bernoulli(np.stack([np.ones(5), steps], axis=1)), np.array([0.3, 1.0])),
        "probit": gaussian(),
        "Poisson": (Poisson(1.0, [1, 2, 4, 8]), np.array([3.0])),
    }


@dataclass(frozen=True)
class Errors:
    """Largest errors of probabilities in the limit, before and after the inverse map, shape (gammas,)."""

    before: Float
    after: Float


def errors(model: Model, truth: Float, gammas: Float) -> Errors:
    """Errors of the limits of the plain estimator when the model is right."""
    p = model.probabilities(truth)
    found = [focal_limit(model, p, 1.0, float(g)) for g in gammas]
    return Errors(
        np.array([np.abs(one.probabilities - p).max() for one in found]),
        np.array([np.abs(one.recovered_probabilities - p).max() for one in found]),
    )


@dataclass(frozen=True, kw_only=True)
class Replicates:
    """Configuration of the simulation.

    Attributes
    ----------
    model : Model
    truth : ndarray, shape (p,)
    gammas : tuple of float, > 0
    bits : int, >= 2
        Bits at each row of the design.
    replicates : int, >= 100
    level : float
        Of the intervals.
    seed : int
    """

    model: Model = field(default_factory=lambda: gaussian()[0])
    truth: Float = field(default_factory=lambda: gaussian()[1])
    gammas: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 10.0)
    bits: int = 2000
    replicates: int = 10_000
    level: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.gammas or not all(g > 0 for g in self.gammas):
            raise ValueError(f"gammas must be numbers above 0, got {self.gammas!r}.")
        if self.bits < 2 or self.replicates < 100:
            raise ValueError(
                f"expected at least 2 bits and 100 replicates, got {self.bits} and {self.replicates}."
            )


@dataclass(frozen=True)
class Scatter:
    """What the replicates show; axes are exponents and parameters.

    Attributes
    ----------
    config : Replicates
    lost : float
        Share of replicates without an estimate.
    efficiency, efficiency_error : ndarray, shape (gammas, p)
        Variance of maximum likelihood over that of the proper score, on the same bits, with standard errors.
    spread, spread_error : ndarray, shape (2, gammas, p)
        Variance over that of the sandwich formula in the limit, plain and proper.
    coverage : ndarray, shape (2, 2, 2, gammas, p)
        Of plain and proper estimator; sandwich and naive interval; the limit and the truth.
    """

    config: Replicates
    lost: float
    efficiency: Float
    efficiency_error: Float
    spread: Float
    spread_error: Float
    coverage: Float

    @property
    def coverage_error(self) -> float:
        """Standard error of a coverage that is right."""
        level = self.config.level
        return float(np.sqrt(level * (1 - level) / self.config.replicates))


def run(config: Replicates | None = None) -> Scatter:
    """Run the simulation; nothing is written, and the same configuration gives the same numbers."""
    config = config or Replicates()
    model, truth, many = config.model, config.truth, config.replicates
    counts = model.simulate(truth, config.bits, many, config.seed)
    trials = np.full(model.rows, config.bits, np.float64)
    best = model.fit_batch(counts, trials)
    shape = (len(config.gammas), len(truth))
    efficiency, efficiency_error = np.empty(shape), np.empty(shape)
    spread, coverage = np.empty((2, *shape)), np.empty((2, 2, 2, *shape))
    lost = 1.0 - best.exists.mean()
    for g, gamma in enumerate(config.gammas):
        for kind in (0, 1):
            limit = focal_limit(model, model.probabilities(truth), trials, gamma, proper=bool(kind))
            batch = focal_fit_batch(model, counts, trials, gamma, proper=bool(kind))
            both = batch.exists & best.exists
            lost = max(lost, 1.0 - both.mean())
            found = batch.estimate[both]
            spread[kind, g] = found.var(axis=0, ddof=1) / np.diagonal(limit.covariance)
            for naive in (0, 1):
                low, high = np.moveaxis(batch.wald(config.level, naive=bool(naive))[both], -1, 0)
                for which, target in enumerate((limit.estimate, truth)):
                    coverage[kind, naive, which, g] = ((low <= target) & (target <= high)).mean(axis=0)
            if kind:
                efficiency[g], efficiency_error[g] = _ratio(best.estimate[both], found)
    noise = np.sqrt(2.0 / many) * spread
    return Scatter(config, float(lost), efficiency, efficiency_error, spread, noise, coverage)


def _ratio(one: Float, two: Float) -> tuple[Float, Float]:
    """Ratio of the variances of columns of paired normal draws, and its standard error."""
    ratio = one.var(axis=0) / two.var(axis=0)
    rho = np.array([np.corrcoef(one[:, j], two[:, j])[0, 1] for j in range(one.shape[1])])
    return ratio, ratio * 2.0 * np.sqrt((1.0 - rho**2) / len(one))


@dataclass(frozen=True)
class LargeSample:
    """Root mean square errors of one parameter against the number of bits.

    Attributes
    ----------
    bits : ndarray of int, shape (n,)
        In all.
    error, noise : ndarray, shape (4, n)
        For each of :data:`ESTIMATORS`, with standard errors.
    bias : ndarray, shape (4,)
        What is left for infinitely many bits.
    """

    bits: NDArray[np.int64]
    error: Float
    noise: Float
    bias: Float


def root_mean_square(
    model: Model,
    truth: Float,
    gamma: float,
    parameter: int = 0,
    bits: tuple[int, ...] = (100, 300, 1000, 3000, 10_000, 100_000),
    replicates: int = 10_000,
    seed: int = 1,
) -> LargeSample:
    """Errors of the four estimators, for each number of bits at each row of the design."""
    p = model.probabilities(truth)
    errors, noise = np.empty((4, len(bits))), np.empty((4, len(bits)))
    for k, n in enumerate(bits):
        counts = model.simulate(truth, n, replicates, [seed, k])  # type: ignore[arg-type]
        trials = np.full(model.rows, n, np.float64)
        batch = focal_fit_batch(model, counts, trials, gamma)
        estimates = (
            batch.estimate,
            batch.recovered_estimate,
            focal_fit_batch(model, counts, trials, gamma, proper=True).estimate,
            model.fit_batch(counts, trials).estimate,
        )
        for j, found in enumerate(estimates):
            square = (found[:, parameter] - truth[parameter]) ** 2
            square = square[np.isfinite(square)]
            errors[j, k] = np.sqrt(square.mean())
            noise[j, k] = square.std() / np.sqrt(len(square)) / (2 * errors[j, k])
    limit = focal_limit(model, p, 1.0, gamma)
    ends = [
        limit.estimate[parameter],
        limit.recovered_estimate[parameter],
        truth[parameter],
        truth[parameter],
    ]
    bias = np.abs(np.array(ends) - truth[parameter])
    return LargeSample(np.array(bits) * model.rows, errors, noise, bias)


def convexity_limit(link: str, score: str, reach: float = 12.0) -> float:
    """Largest exponent up to which the loss of a bit is convex in the predictor.

    Parameters
    ----------
    link : str
        "probit" or "logit".
    score : str
        "plain" or "proper".
    reach : float, > 0
        Predictors up to this distance from zero are searched.

    Returns
    -------
    float
        The loss bends down somewhere for slightly larger exponents; infinite if it does not up to 40. From a
        search over a grid: numerical, not a proof.

    Raises
    ------
    ValueError
        Another link or score, or a reach that is not positive.
    """
    if link not in ("probit", "logit") or score not in ("plain", "proper") or not reach > 0:
        raise ValueError(
            f"expected probit or logit, plain or proper, and a positive reach; got {link!r}, {score!r} and "
            f"{reach}."
        )
    tails = (normal_tails if link == "probit" else logistic_tails)(np.linspace(-reach, 0.0, 4801))
    rule = plain if score == "plain" else proper

    def least(log_gamma: float) -> float:
        """Smallest curvature of the loss of a one relative to that of its likelihood, equally weighted."""
        loss: Tails = rule(tails, float(np.exp(log_gamma)))
        with np.errstate(divide="ignore", invalid="ignore"):  # weights of sure bits underflow
            weight = loss.slope_one / tails.slope_one
            return float(np.nanmin(loss.curve_one / (weight * tails.curve_one)))

    before = np.log(1e-6)
    for after in np.linspace(before, np.log(40.0), 120)[1:]:
        if least(after) < 0:
            return float(np.exp(brentq(least, before, after, xtol=1e-9)))
        before = after
    return float("inf")
