"""A number with its interval, and the resampling behind the interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "EXACT_UP_TO",
    "Estimate",
    "basic_interval",
    "calibrated_means",
    "check_level",
    "mean_estimate",
    "normal_means",
    "resampled_means",
]

Float = NDArray[np.float64]

#: Largest number of rows that is really resampled; above it the resampled means are drawn from their normal
#: limit, whose relative error is of order 1/sqrt(n).
EXACT_UP_TO = 20_000
_CHUNK = 2_000_000  # indices drawn at a time


@dataclass(frozen=True)
class Estimate:
    """An estimated quantity.

    Attributes
    ----------
    value : float
        The estimate.
    low, high : float
        Ends of the interval at the given level; NaN where no resampling was asked for.
    n : int
        Number of samples behind it.
    level : float
        Nominal coverage of the interval.
    """

    value: float
    low: float
    high: float
    n: int
    level: float = 0.95

    def __str__(self) -> str:
        return f"{self.value:.4g} [{self.low:.4g}, {self.high:.4g}]"


def check_level(level: float, resamples: int) -> None:
    """Refuse a level outside (0, 1) and a negative or non-integer number of resamples."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, got {level}.")
    if isinstance(resamples, bool) or not isinstance(resamples, int | np.integer) or resamples < 0:
        raise ValueError(f"resamples must be an integer of at least 0, got {resamples!r}.")


def normal_means(sums: Float, squares: Float, n: int, resamples: int, rng: np.random.Generator) -> Float:
    """Normal limit of the bootstrap of sums / n in groups, from the sums of values and of their squares."""
    mean = sums / n
    covariance = (np.diag(squares / n) - np.outer(mean, mean)) / n
    return rng.multivariate_normal(mean, covariance, size=resamples, method="eigh")


def resampled_means(
    values: Float, groups: NDArray[np.int64], count: int, resamples: int, rng: np.random.Generator
) -> Float:
    """Bootstrap of the sums of `values` in each group, divided by n.

    Parameters
    ----------
    values : array, shape (n,)
        Contribution of each row.
    groups : int array, shape (n,)
        Group of each row, 0 .. `count` - 1.
    count : int
        Number of groups.
    resamples : int
    rng : numpy.random.Generator

    Returns
    -------
    array, shape (resamples, count)
        Rows are drawn with replacement; above :data:`EXACT_UP_TO` rows from the normal limit.
    """
    n = len(values)
    if n > EXACT_UP_TO:
        sums, squares = (np.bincount(groups, x, count).astype(float) for x in (values, values**2))
        return normal_means(sums, squares, n, resamples, rng)
    out = np.empty((resamples, count))
    rows = max(1, _CHUNK // n)
    for first in range(0, resamples, rows):
        size = min(rows, resamples - first)
        drawn = rng.integers(n, size=(size, n))
        cell = groups[drawn] + count * np.arange(size)[:, None]
        sums = np.bincount(cell.ravel(), values[drawn].ravel(), size * count)
        out[first : first + size] = sums.reshape(size, count) / n
    return out


def calibrated_means(
    confidence: Float, groups: NDArray[np.int64], count: int, resamples: int, rng: np.random.Generator
) -> Float:
    """Sums of confidence - correct in each group, divided by n, if every confidence were right.

    Same arguments and result as :func:`resampled_means`; labels are redrawn, rows are kept.
    """
    n = len(confidence)
    if n > EXACT_UP_TO:
        variance = np.bincount(groups, confidence * (1.0 - confidence), count)
        return rng.normal(size=(resamples, count)) * np.sqrt(variance) / n
    out = np.empty((resamples, count))
    rows = max(1, _CHUNK // n)
    for first in range(0, resamples, rows):
        size = min(rows, resamples - first)
        gap = confidence - (rng.random((size, n)) < confidence)
        cell = groups + count * np.arange(size)[:, None]
        out[first : first + size] = np.bincount(cell.ravel(), gap.ravel(), size * count).reshape(size, count)
    return out / n


def basic_interval(
    value: float, drawn: Float, n: int, level: float, noise: Float | None = None, highest: float = 1.0
) -> Estimate:
    """Basic bootstrap interval of an error in [0, `highest`]: reflected about the estimate, containing it.

    Parameters
    ----------
    value : float
        The estimate.
    drawn : array, shape (resamples,)
        The same from resamples.
    n : int
        Number of rows.
    level : float
        Nominal coverage.
    noise : array, optional
        What a perfectly calibrated model gives: an estimate inside this noise has an interval from 0.
    highest : float
        Largest value the error can have.
    """
    lower, upper = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    low, high = min(value, 2 * value - upper), max(value, 2 * value - lower)
    if noise is not None and value <= np.quantile(noise, level):
        low = 0.0
    return Estimate(value, float(max(low, 0.0)), float(min(high, highest)), n, level)


def mean_estimate(values: Float, level: float, resamples: int, seed: int) -> Estimate:
    """Mean of one number for each row with its percentile-bootstrap interval.

    An infinite value makes everything infinite: what has been seen has an infinite mean.
    """
    n = len(values)
    value = float(values.mean())
    if not np.isfinite(value):
        return Estimate(value, value, value, n, level)
    if resamples == 0:
        return Estimate(value, np.nan, np.nan, n, level)
    rng = np.random.default_rng(seed)
    means = resampled_means(values, np.zeros(n, dtype=np.int64), 1, resamples, rng)[:, 0]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high), n, level)
