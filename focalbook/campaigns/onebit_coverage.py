"""Estimates from one-bit data over many replicates: covariance, normality and coverage against theory.

A replicate is one vector of counts, drawn by the binomial law, so it costs the cells of the design and not
its bits. For small designs every outcome is listed instead and weighed with its probability: then nothing is
left to chance. Replicates without a maximum have no estimate. They are counted, and everything else is
conditional on a maximum; nothing is replaced or dropped in silence. Claims OB-3, OB-7.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import binom, chi2

from focalbook.onebit import Gaussian, Model, Poisson

__all__ = [
    "DESIGNS",
    "METHODS",
    "Design",
    "OnebitCoverage",
    "Point",
    "enumerate_outcomes",
    "exact",
    "run",
    "sample",
]

Float = NDArray[np.float64]

#: Intervals that are compared. The last is a control: the width that the uncensored draws would give.
METHODS = {
    "wald": "estimate -+ half-width times standard error from J",
    "wald log": "the same on the log scale for positive parameters",
    "likelihood ratio": "values whose deviance is at most the chi-square quantile",
    "uncensored": "control: estimate -+ half-width times standard error from I",
}
#: Probabilities at which quantiles are kept.
GRID = np.concatenate([[1e-3, 2e-3, 5e-3], np.arange(1, 100) / 100, [0.995, 0.998, 0.999]])
#: Most outcomes that are listed one by one.
MOST = 3_000_000


@dataclass(frozen=True)
class Design:
    """A model with the parameters that the data are drawn with; bits are shared out evenly among its rows.

    Attributes
    ----------
    model : Model
        With one cell for each row.
    truth : tuple of float
        Parameters, in the order of ``model.names``.
    """

    model: Model = field(repr=False)
    truth: tuple[float, ...]

    def trials(self, n: int) -> Float:
        """Bits for each row: n shared out evenly, what is left over to the first ones."""
        if n < self.model.rows:
            raise ValueError(f"n must be at least {self.model.rows}, one bit for each row, got {n}.")
        each, rest = divmod(n, self.model.rows)
        return np.array([each + (row < rest) for row in range(self.model.rows)], float)

    def limit(self, n: int, censored: bool = True) -> Float:
        """Covariance of sqrt(n) times the error in theory: n J_n^-1, or n I_n^-1 without the threshold."""
        information = self.model.fisher_information if censored else self.model.uncensored_information
        return np.asarray(n * np.linalg.inv(information(self.truth, self.trials(n))))


#: Irregular thresholds; and two designs whose estimates lie on a coarse lattice, small enough to be listed.
DESIGNS: Mapping[str, Design] = {
    "gaussian": Design(
        Gaussian([1.0, 1.0, 1.0, 1.4, 0.7, 1.2, 0.8], [-1.31, -0.62, 0.17, 0.71, 1.03, 1.94, -0.35]),
        (0.3, 1.0),
    ),
    "poisson": Design(Poisson([0.5, 0.83, 1.31, 2.07, 2.9], [1, 1, 2, 3, 5]), (1.5,)),
    "three thresholds": Design(Gaussian(1.0, [-0.9, 0.2, 1.3]), (0.3, 1.0)),
    "one threshold": Design(Poisson(1.0, [2]), (1.5,)),
}


@dataclass(frozen=True, kw_only=True)
class OnebitCoverage:
    """Configuration of the experiment.

    Attributes
    ----------
    designs : tuple of str
        Of :data:`DESIGNS`.
    bits : tuple of int
        Numbers of bits n.
    replicates : int, >= 100
        For each n.
    level : float, in (0, 1)
        Level of the intervals.
    seed : int
    """

    designs: tuple[str, ...] = ("gaussian", "poisson")
    bits: tuple[int, ...] = (50, 100, 200, 500, 1_000, 10_000, 100_000)
    replicates: int = 20_000
    level: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        unknown = [name for name in self.designs if name not in DESIGNS]
        if unknown or not self.designs:
            raise ValueError(f"designs must be of {', '.join(DESIGNS)}, got {self.designs!r}.")
        if not self.bits or min(self.bits) < 1:
            raise ValueError(f"bits must hold numbers from 1 on, got {self.bits!r}.")
        if self.replicates < 100:
            raise ValueError(f"replicates must be at least 100, got {self.replicates}.")
        if not 0 < self.level < 1:
            raise ValueError(f"level must lie between 0 and 1, got {self.level}.")


@dataclass(frozen=True)
class Point:
    """One design at one n. Moments, quantiles and coverage are conditional on a maximum.

    Attributes
    ----------
    n : int
        Bits in each replicate.
    names : tuple of str
        Parameters, p of them.
    replicates : int
        0 where every outcome was listed: the numbers are then exact.
    missing : ndarray, shape (3,)
        Share that is separated, that rises to the edge of the parameter space, that did not settle.
    bias, bias_error : ndarray, shape (p,)
        Mean error of the estimate, and its Monte Carlo error.
    covariance, covariance_error : ndarray, shape (p, p)
        Of sqrt(n) times the error, and its Monte Carlo error.
    limit, uncensored : ndarray, shape (p, p)
        n J_n^-1 and n I_n^-1 at the truth.
    skewness, kurtosis : ndarray, shape (p,)
        Of the estimates; kurtosis is 0 for a normal distribution.
    quantiles : ndarray, shape (p, len(GRID))
        Of the error over its theoretical standard error.
    distance : ndarray, shape (p,)
        Largest difference between the distribution function of that and the normal one.
    coverage : dict of ndarray, shape (p,)
        For each of :data:`METHODS`.
    joint : float
        Coverage of the likelihood-ratio region for all parameters together.
    level : float
    """

    n: int
    names: tuple[str, ...]
    replicates: int
    missing: Float
    bias: Float
    bias_error: Float
    covariance: Float
    covariance_error: Float
    limit: Float
    uncensored: Float
    skewness: Float
    kurtosis: Float
    quantiles: Float
    distance: Float
    coverage: dict[str, Float]
    joint: float
    level: float

    @property
    def fitted(self) -> float:
        """Replicates with a maximum (infinite where the numbers are exact)."""
        return self.replicates * (1.0 - float(self.missing.sum())) if self.replicates else math.inf

    def error(self, coverage: float | Float) -> float | Float:
        """Binomial standard error of a coverage; 0 where it is exact."""
        return np.sqrt(np.asarray(coverage) * (1.0 - np.asarray(coverage)) / self.fitted)

    def worst(self, method: str) -> Float:
        """Coverage when a replicate without a maximum counts as one that misses the truth."""
        return self.coverage[method] * (1.0 - float(self.missing.sum()))

    @property
    def ratio(self) -> Float:
        """Variances over those of theory, shape (p,)."""
        return np.diagonal(self.covariance) / np.diagonal(self.limit)

    @property
    def ratio_error(self) -> Float:
        """Monte Carlo error of :attr:`ratio`."""
        return np.diagonal(self.covariance_error) / np.diagonal(self.limit)


def sample(design: Design, n: int, replicates: int, rng: np.random.Generator, level: float = 0.95) -> Point:
    """Draw `replicates` experiments of n bits, fit all of them and sum up."""
    ones = design.model.simulate(design.truth, design.trials(n), replicates, rng)
    return summarise(design, n, ones, np.full(replicates, 1.0 / replicates), replicates, level)


def exact(design: Design, n: int, level: float = 0.95) -> Point:
    """The same without chance: every outcome, weighed with its probability."""
    ones, weights = enumerate_outcomes(design, n)
    return summarise(design, n, ones, weights, 0, level)


def enumerate_outcomes(design: Design, n: int) -> tuple[Float, Float]:
    """All vectors of counts, shape (m, rows), and their probabilities, shape (m,).

    Raises
    ------
    ValueError
        More than three million outcomes.
    """
    trials = design.trials(n)
    size = math.prod(int(x) + 1 for x in trials)
    if size > MOST:
        raise ValueError(
            f"n = {n} bits have {size} outcomes: at most {MOST} are listed; draw a sample instead."
        )
    p = design.model.probabilities(design.truth)
    counts = [np.arange(int(x) + 1) for x in trials]
    ones = np.stack(np.meshgrid(*counts, indexing="ij"), axis=-1).reshape(size, -1).astype(float)
    weights = np.ones(1)
    for k, x, q in zip(counts, trials, p, strict=True):
        weights = (weights[:, None] * binom.pmf(k, x, q)).ravel()
    return ones, weights


def summarise(design: Design, n: int, ones: Float, weights: Float, replicates: int, level: float) -> Point:
    """Fit weighed experiments and collect moments, quantiles and coverage of those with a maximum."""
    model, truth = design.model, np.array(design.truth)
    fits = model.fit_batch(ones, design.trials(n))
    good = fits.exists
    if not good.any():
        raise ValueError(f"none of {len(ones)} outcomes of n = {n} bits has a maximum: more bits are needed.")
    w = weights[good] / weights[good].sum()
    error = np.sqrt(n) * (fits.estimate[good] - truth)
    centre = w @ error
    apart = error - centre
    products = apart[:, :, None] * apart[:, None, :]
    covariance = np.einsum("r,rij->ij", w, products)
    spread = np.sqrt(np.maximum(np.einsum("r,rij->ij", w, products**2) - covariance**2, 0.0))
    deviation = np.sqrt(np.diagonal(covariance))
    unit = np.where(deviation > 0, deviation, np.nan)  # a single outcome has no shape
    limit = design.limit(n)
    root = math.sqrt(good.sum()) if replicates else math.inf
    standard = error / np.sqrt(np.diagonal(limit))
    return Point(
        n,
        model.names,
        replicates,
        np.array([weights[fits.status == k].sum() for k in (1, 2, 3)]),
        centre / np.sqrt(n),
        deviation / np.sqrt(n) / root,
        covariance,
        spread / root,
        limit,
        design.limit(n, censored=False),
        w @ apart**3 / unit**3,
        w @ apart**4 / unit**4 - 3.0,
        *_shape(standard, w),
        {name: w @ hit[good] for name, hit in _covered(design, n, fits, level).items()},
        float(w @ (fits.joint_deviance(truth)[good] <= chi2.ppf(level, truth.size))),
        level,
    )


def _shape(standard: Float, w: Float) -> tuple[Float, Float]:
    """Weighed quantiles, and the largest distance to the normal distribution function."""
    quantiles, distance = [], []
    for column in standard.T:
        order = np.argsort(column)
        x, cumulated = column[order], np.cumsum(w[order])
        quantiles.append(x[np.minimum(np.searchsorted(cumulated, GRID * (1 - 1e-12)), x.size - 1)])
        values, first = np.unique(x, return_index=True)
        above = np.append(cumulated[first[1:] - 1], 1.0)
        below = np.append(0.0, above[:-1])
        normal = ndtr(values)
        distance.append(max(np.abs(above - normal).max(), np.abs(below - normal).max()))
    return np.array(quantiles), np.array(distance)


def _covered(design: Design, n: int, fits: object, level: float) -> dict[str, NDArray[np.bool_]]:
    """Which intervals hold the truth, shape (r, p); replicates without a maximum hold nothing."""
    model, truth = design.model, np.array(design.truth)
    half = float(-ndtri(0.5 * (1.0 - level)))
    width = half * np.sqrt(np.diagonal(design.limit(n, censored=False)) / n)
    out = {}
    with np.errstate(invalid="ignore", over="ignore"):
        for name, log in (("wald", False), ("wald log", True)):
            ends = fits.wald(level, log=log)  # type: ignore[attr-defined]
            out[name] = (ends[..., 0] <= truth) & (truth <= ends[..., 1])
        deviance = [fits.deviance(name, value) for name, value in zip(model.names, truth, strict=True)]  # type: ignore[attr-defined]
        out["likelihood ratio"] = np.stack(deviance, axis=1) <= half**2
        out["uncensored"] = np.abs(fits.estimate - truth) <= width  # type: ignore[attr-defined]
    return out


def run(config: OnebitCoverage | None = None) -> dict[str, tuple[Point, ...]]:
    """Run the experiment; nothing is written.

    Parameters
    ----------
    config : OnebitCoverage, optional

    Returns
    -------
    dict
        Points in the order of ``config.bits`` for each design; equal for equal configurations.
    """
    config = config or OnebitCoverage()
    out = {}
    for k, name in enumerate(config.designs):
        rng = np.random.default_rng([config.seed, k])
        out[name] = tuple(sample(DESIGNS[name], n, config.replicates, rng, config.level) for n in config.bits)
    return out
