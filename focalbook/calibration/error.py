"""Expected calibration error of the top label, with an interval that is honest about its bias."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.calibration import estimate
from focalbook.calibration.bins import (
    Binning,
    bin_edges,
    bin_index,
    check_binning,
    index_between,
    mass_edges,
)
from focalbook.calibration.estimate import (
    Estimate,
    basic_interval,
    calibrated_means,
    check_level,
    normal_means,
    resampled_means,
)
from focalbook.calibration.inputs import check_bins
from focalbook.calibration.top import Top, top_label

__all__ = ["Gaps", "calibration_error"]

Float = NDArray[np.float64]
_ROWS = 16_384  # rows that stay in the cache


def calibration_error(
    probs: ArrayLike,
    labels: ArrayLike,
    bins: int = 15,
    *,
    binning: Binning = "width",
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Estimate:
    """Expected calibration error (ECE) of the top label.

    Parameters
    ----------
    probs : array_like of floats, shape (n, K)
        Predicted distributions.
    labels : array_like
        Classes that occurred (integers, shape (n,)), or the known distribution of each row's label (floats,
        shape (n, K)): then the error is free of label noise.
    bins : int, >= 1
        Number of bins. They are (lo, hi], the first closed; confidences are compared as float64.
    binning : {"width", "mass"}
        Bins of equal width, or bins with equally many rows (at most n of them; equal confidences stay in one
        bin).
    level : float, in (0, 1)
        Nominal coverage of the interval.
    resamples : int, >= 0
        Bootstrap resamples; 0 leaves the interval NaN.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Estimate
        ``.value`` is sum_b |sum_{i in b} (confidence_i - correct_i)| / n; empty bins contribute nothing.

    Raises
    ------
    ValueError
        Probabilities, labels or settings out of range; the message names the row.

    Notes
    -----
    Source: ``naeini2015obtaining``, ``guo2017calibration``, Eq. 3. Claim GC-0.

    The estimate is biased upwards by noise in the bins, and resampling adds the same noise once more: a
    percentile interval hardly ever covers the truth of a well-calibrated model. The interval here is the
    *basic* bootstrap interval, reflected about the estimate and widened to contain it. Where observed labels
    give an estimate no larger than what a perfectly calibrated model would give at this level, its lower end
    is 0, so that an error of 0 is covered at the nominal rate; for small errors between, coverage falls to
    about 0.85 with some hundred rows.

    Limits: if all top labels are right the value is 1 - mean confidence, if all are wrong the mean
    confidence; with a single class it is 0. With fewer rows than bins of equal width some bins stay empty,
    and the value tends to the mean of |confidence - correct|, which says little about calibration.

    Examples
    --------
    >>> calibration_error([[0.75, 0.25], [0.75, 0.25]], [0, 1]).value
    0.25
    """
    bins = check_bins(bins)
    check_binning(binning)
    check_level(level, resamples)
    top = top_label(probs, labels)
    return Gaps(top, bins, binning).estimate(lambda sums: np.abs(sums).sum(axis=-1), level, resamples, seed)


class Gaps:
    """Sums of confidence - correct in bins of top-label confidence, and their resampling.

    Rows are gone through in chunks that stay in the cache.
    """

    def __init__(self, top: Top, bins: int, binning: Binning) -> None:
        self.top, self.n = top, len(top.confidence)
        self.edges = bin_edges(bins) if binning == "width" else mass_edges(top.confidence, bins)
        self.bins, self._equal = len(self.edges) - 1, binning == "width"
        # Neighbouring rows are often in one bin, and one sum has to wait for the last: eight copies of it.
        lane = np.arange(min(_ROWS, self.n)) % 8 * self.bins
        sums = np.zeros((3, 8 * self.bins))
        for first in range(0, self.n, _ROWS):
            rows = slice(first, first + _ROWS)
            confidence, index = top.confidence[rows], self.index(rows)
            index += lane[: len(index)]
            gap = confidence - top.correct[rows]
            for total, weights in zip(sums, (gap, gap * gap, confidence * (1.0 - confidence)), strict=True):
                total += np.bincount(index, weights, len(total))
        self.sums, self.squares, self.variance = sums.reshape(3, 8, self.bins).sum(axis=1)

    def index(self, rows: slice = slice(None)) -> NDArray[np.int64]:
        """Bin of each of these rows."""
        confidence = self.top.confidence[rows]
        return bin_index(confidence, self.bins) if self._equal else index_between(confidence, self.edges)

    def resampled(self, resamples: int, rng: np.random.Generator) -> Float:
        """Bootstrap of the sums divided by n, shape (resamples, bins)."""
        if self.n > estimate.EXACT_UP_TO:
            return normal_means(self.sums, self.squares, self.n, resamples, rng)
        gap = self.top.confidence - self.top.correct
        return resampled_means(gap, self.index(), self.bins, resamples, rng)

    def calibrated(self, resamples: int, rng: np.random.Generator) -> Float | None:
        """The sums divided by n if every confidence were right; None for labels without noise."""
        if self.top.soft:
            return None
        if self.n > estimate.EXACT_UP_TO:
            return rng.normal(size=(resamples, self.bins)) * np.sqrt(self.variance) / self.n
        return calibrated_means(self.top.confidence, self.index(), self.bins, resamples, rng)

    def estimate(
        self, measure: Callable[[Float], Float], level: float, resamples: int, seed: int
    ) -> Estimate:
        """An error made of the sums divided by n, with its interval."""
        value = float(measure(self.sums / self.n))
        if resamples == 0:
            return Estimate(value, np.nan, np.nan, self.n, level)
        rng = np.random.default_rng(seed)
        drawn = measure(self.resampled(resamples, rng))
        noise = self.calibrated(resamples, rng)
        return basic_interval(value, drawn, self.n, level, None if noise is None else measure(noise))
