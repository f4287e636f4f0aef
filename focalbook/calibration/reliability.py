"""The numbers behind a reliability diagram: how often the top label is right, by its confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from focalbook.calibration.bins import (
    Binning,
    bin_edges,
    bin_index,
    check_binning,
    index_between,
    mass_edges,
)
from focalbook.calibration.estimate import check_level
from focalbook.calibration.inputs import check_bins
from focalbook.calibration.top import top_label

__all__ = ["Reliability", "reliability", "wilson_interval"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Reliability:
    """A reliability diagram.

    Attributes
    ----------
    edges : array, shape (bins + 1,)
        Bins are (lo, hi], the first closed.
    count : int array, shape (bins,)
        Rows in each bin.
    confidence, accuracy : arrays, shape (bins,)
        Mean confidence and share of right top labels; NaN in empty bins.
    low, high : arrays, shape (bins,)
        Wilson interval of the accuracy; NaN in empty bins.
    level : float
        Nominal coverage of these intervals.
    """

    edges: Float
    count: NDArray[np.int64]
    confidence: Float
    accuracy: Float
    low: Float
    high: Float
    level: float

    @property
    def calibration_error(self) -> float:
        """The expected calibration error that this diagram shows."""
        filled = self.count > 0
        gap = np.abs(self.confidence - self.accuracy)[filled]
        return float((gap * self.count[filled]).sum() / self.count.sum())


def wilson_interval(share: Float, count: NDArray[np.int64], level: float) -> tuple[Float, Float]:
    """Wilson score interval of a share of `count` >= 1 trials; conservative for means in [0, 1]."""
    z = norm.ppf(0.5 + level / 2)
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)


def reliability(
    probs: ArrayLike,
    labels: ArrayLike,
    bins: int = 15,
    *,
    binning: Binning = "width",
    level: float = 0.95,
) -> Reliability:
    """Group predictions by the confidence in their top label.

    Parameters
    ----------
    probs : array_like of floats, shape (n, K)
        Predicted distributions.
    labels : array_like
        Classes (integers, shape (n,)) or the known distribution of each row's label (floats, shape (n, K)).
    bins : int, >= 1
    binning : {"width", "mass"}
        Number and kind of bins, as in :func:`focalbook.calibration.calibration_error`.
    level : float, in (0, 1)
        Nominal coverage of the interval of each accuracy.

    Returns
    -------
    Reliability

    Raises
    ------
    ValueError
        Probabilities, labels or settings out of range; the message names the row.
    """
    bins = check_bins(bins)
    check_binning(binning)
    check_level(level, 0)
    top = top_label(probs, labels)
    confidence, correct = top.confidence, top.correct
    if binning == "width":
        edges, index = bin_edges(bins), bin_index(confidence, bins)
    else:
        edges = mass_edges(confidence, bins)
        index, bins = index_between(confidence, edges), len(edges) - 1
    count = np.bincount(index, minlength=bins)
    empty = count == 0
    safe = np.maximum(count, 1)
    mean_confidence, accuracy, low, high = (np.full(bins, np.nan) for _ in range(4))
    mean_confidence[~empty] = (np.bincount(index, confidence, bins) / safe)[~empty]
    accuracy[~empty] = np.clip(np.bincount(index, correct, bins) / safe, 0.0, 1.0)[~empty]
    low[~empty], high[~empty] = wilson_interval(accuracy[~empty], count[~empty], level)
    return Reliability(edges, count, mean_confidence, accuracy, low, high, level)
