"""Over- and under-confidence: the calibration error with its sign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from focalbook.calibration.bins import Binning, check_binning
from focalbook.calibration.error import Gaps
from focalbook.calibration.estimate import Estimate, check_level
from focalbook.calibration.inputs import check_bins
from focalbook.calibration.top import top_label

__all__ = ["Confidence", "confidence_gap"]


@dataclass(frozen=True)
class Confidence:
    """By how much a model trusts its top label too much, and too little.

    Attributes
    ----------
    gap : Estimate
        Mean confidence minus accuracy; needs no bins. Positive: over-confident on average.
    over, under : Estimate
        Parts of the calibration error from bins whose mean confidence is above, or below, their accuracy:
        ``over + under`` is the calibration error, ``over - under`` the gap.
    """

    gap: Estimate
    over: Estimate
    under: Estimate


def confidence_gap(
    probs: ArrayLike,
    labels: ArrayLike,
    bins: int = 15,
    *,
    binning: Binning = "width",
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Confidence:
    """Signed confidence gap, over-confidence and under-confidence of the top label.

    Arguments, errors and limits are those of :func:`focalbook.calibration.calibration_error`.

    Returns
    -------
    Confidence
        The interval of the gap is a percentile-bootstrap interval (the gap is unbiased); the other two have
        the basic interval of the calibration error, and its upward bias.

    Notes
    -----
    Claim GC-0.

    Examples
    --------
    >>> found = confidence_gap([[0.9, 0.1], [0.6, 0.4]], [1, 0], resamples=0)
    >>> round(found.gap.value, 12), round(found.over.value, 12), round(found.under.value, 12)
    (0.25, 0.45, 0.2)
    """
    bins = check_bins(bins)
    check_binning(binning)
    check_level(level, resamples)
    gaps = Gaps(top_label(probs, labels), bins, binning)
    over = gaps.estimate(lambda sums: np.maximum(sums, 0.0).sum(axis=-1), level, resamples, seed)
    under = gaps.estimate(lambda sums: np.maximum(-sums, 0.0).sum(axis=-1), level, resamples, seed)
    value, low, high = float(gaps.sums.sum()) / gaps.n, np.nan, np.nan
    if resamples:
        drawn = gaps.resampled(resamples, np.random.default_rng(seed)).sum(axis=1)
        low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Confidence(Estimate(value, float(low), float(high), gaps.n, level), over, under)
