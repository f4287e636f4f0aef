"""Distances between distributions row by row, and medians and means with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from focalbook.calibration import Estimate

__all__ = ["mean_log_ratio", "over_seeds", "positions", "total_variation", "weighted_median"]

Float = NDArray[np.float64]


def total_variation(a: Float, b: Float) -> Float:
    """Total variation distance, half the sum of |a - b| over the last axis: in [0, 1]."""
    return 0.5 * np.abs(a - b).sum(axis=-1)


def mean_log_ratio(a: Float, b: Float) -> Float:
    """Mean over classes of |log(a/b)|, last axis: 0.1 means that probabilities are off by 10 % on average."""
    return np.abs(np.log(a / b)).mean(axis=-1)


def positions(output: Float, start: Float, end: Float) -> Float:
    """Where rows of `output` stand on the line from `start` (0) to `end` (1), by orthogonal projection.

    Parameters
    ----------
    output, start, end : arrays, shape (..., K)
        Distributions; `start` and `end` must differ in every row.

    Returns
    -------
    array, shape (...)
        <output - start, end - start> / |end - start|^2.
    """
    direction = end - start
    return ((output - start) * direction).sum(axis=-1) / (direction**2).sum(axis=-1)


def weighted_median(
    values: Float, weights: Float, *, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> Estimate:
    """Weighted median with its percentile-bootstrap interval.

    Parameters
    ----------
    values, weights : arrays, shape (n,)
        Numbers, and how much each counts (at least 0, not all 0).
    level : float, in (0, 1)
        Nominal coverage.
    resamples : int, >= 1
    seed : int

    Returns
    -------
    Estimate
        The least value at which half of the weight is reached.
    """
    order = np.argsort(values, kind="stable")
    ordered, w = values[order], weights[order]
    n = len(values)

    def median(cumulative: Float) -> Float:
        half = 0.5 * cumulative[..., -1:]
        return ordered[np.argmax(cumulative >= half, axis=-1)]

    drawn = np.random.default_rng(seed).integers(n, size=(resamples, n))
    cell = drawn + n * np.arange(resamples)[:, None]
    counts = np.bincount(cell.ravel(), minlength=resamples * n).reshape(resamples, n)
    medians = median(np.cumsum(counts * w, axis=1))
    low, high = np.quantile(medians, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(median(np.cumsum(w))), float(low), float(high), n, level)


def over_seeds(values: Sequence[float] | Float, level: float = 0.95) -> Estimate:
    """Mean over independent runs with Student's interval; the interval is NaN for a single run."""
    x = np.asarray(values, dtype=np.float64)
    mean = float(x.mean())
    if len(x) < 2:
        return Estimate(mean, np.nan, np.nan, len(x), level)
    half = float(student.ppf(0.5 + level / 2, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x)))
    return Estimate(mean, mean - half, mean + half, len(x), level)
