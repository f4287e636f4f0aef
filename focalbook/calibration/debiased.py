"""Calibration error in the mean square, without the upward bias of noise in the bins."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.calibration.bins import Binning, check_binning
from focalbook.calibration.error import Gaps
from focalbook.calibration.estimate import Estimate, check_level
from focalbook.calibration.inputs import check_bins
from focalbook.calibration.top import top_label

__all__ = ["debiased_error"]


def debiased_error(
    probs: ArrayLike,
    labels: ArrayLike,
    bins: int = 15,
    *,
    binning: Binning = "width",
    squared: bool = False,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Estimate:
    """Debiased root-mean-square calibration error of the top label over bins.

    Parameters
    ----------
    probs, labels, bins, binning
        As for :func:`focalbook.calibration.calibration_error`.
    squared : bool
        Return the squared error: unbiased for the binned error, hence sometimes negative. The root is taken
        of its positive part.
    level, resamples, seed
        Of the interval: the error of every bin is redrawn from a normal distribution.

    Returns
    -------
    Estimate
        ``sum_b (n_b/n) (g_b^2 - s_b^2/n_b)`` or its root, with g_b the mean and s_b^2 the sample variance of
        confidence - correct in bin b. Bins with fewer than two rows contribute nothing.

    Raises
    ------
    ValueError
        Probabilities, labels or settings out of range; the message names the row.

    Notes
    -----
    Source: ``kumar2019verified``, the debiased estimator. There confidences are constant in each bin; then
    s_b^2/n_b is a(1-a)/(n_b - 1) with the accuracy a of the bin, and the two agree. Where confidences vary
    inside a bin the formula with accuracies takes off too much, the one here stays unbiased.

    Examples
    --------
    >>> debiased_error([[0.75, 0.25]] * 4, [0, 0, 0, 1], squared=True, resamples=0).value
    -0.0625
    """
    bins = check_bins(bins)
    check_binning(binning)
    check_level(level, resamples)
    gaps = Gaps(top_label(probs, labels), bins, binning)
    count = np.bincount(gaps.index(), minlength=gaps.bins)
    kept = count >= 2
    count, sums, squares = count[kept], gaps.sums[kept], gaps.squares[kept]
    mean = sums / count
    noise = np.maximum(squares - sums * mean, 0.0) / (count - 1) / count
    weight = count / gaps.n
    value = float((weight * (mean**2 - noise)).sum())
    low = high = np.nan
    if resamples:
        off = np.random.default_rng(seed).normal(size=(resamples, len(count))) * np.sqrt(noise)
        error = (off * (2 * mean + off) - noise) @ weight
        lower, upper = np.quantile(error, [(1 - level) / 2, (1 + level) / 2])
        low, high = min(value, value - upper), max(value, value - lower)
    if not squared:
        value, low, high = np.sqrt(np.maximum([value, low, high], 0.0))
    return Estimate(float(value), float(low), float(high), gaps.n, level)
