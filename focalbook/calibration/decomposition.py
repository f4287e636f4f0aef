"""The Brier score as miscalibration, minus what the model tells apart, plus what nobody can know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.calibration.bins import Binning, bin_edges, check_binning, index_between, mass_edges
from focalbook.calibration.blocks import Blocks
from focalbook.calibration.classwise import label_matrix
from focalbook.calibration.estimate import Estimate, check_level
from focalbook.calibration.inputs import check_bins, check_predictions

__all__ = ["BrierParts", "brier_decomposition"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class BrierParts:
    """``score = reliability - resolution + uncertainty + within``, exactly.

    Attributes
    ----------
    score : Estimate
        The Brier score.
    reliability : Estimate
        Mean squared gap between mean prediction and frequency in the bins: 0 for calibrated bins.
    resolution : Estimate
        Mean squared distance of the frequencies in the bins from the overall one: what the model tells apart.
    uncertainty : Estimate
        Variance of the labels.
    within : Estimate
        What bins hide: variance of predictions inside bins minus twice their covariance with the labels.
    """

    score: Estimate
    reliability: Estimate
    resolution: Estimate
    uncertainty: Estimate
    within: Estimate


def _parts(moments: Float) -> Float:
    """Parts from the sums of 1, q, y, q^2, qy in each class and bin.

    Parameters
    ----------
    moments : array, shape (5, ..., classes, bins)

    Returns
    -------
    array, shape (5, ...)
        In the order of `BrierParts`.
    """
    count, q, y, qq, qy = moments
    n = count.sum(axis=-1, keepdims=True)
    safe = np.where(count > 0, count, 1.0)
    weight, forecast, frequency = count / n, q / safe, y / safe
    overall = y.sum(axis=-1, keepdims=True) / n
    reliability = weight * (forecast - frequency) ** 2
    resolution = weight * (frequency - overall) ** 2
    within = (qq - q * forecast - 2 * (qy - q * frequency)) / n
    score = (qq - 2 * qy + y) / n
    uncertainty = (overall * (1 - overall)).sum(axis=(-1, -2))
    sums = [part.sum(axis=(-1, -2)) for part in (score, reliability, resolution, within)]
    return np.stack([sums[0], sums[1], sums[2], uncertainty, sums[3]])


def brier_decomposition(
    probs: ArrayLike,
    labels: ArrayLike,
    bins: int = 15,
    *,
    of: Literal["classes", "top"] = "classes",
    binning: Binning = "width",
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> BrierParts:
    """Exact decomposition of the Brier score over bins.

    Parameters
    ----------
    probs, labels, bins, binning
        As for :func:`focalbook.calibration.calibration_error`.
    of : {"classes", "top"}
        The score of all classes, :func:`focalbook.calibration.brier`, decomposed class by class and summed;
        or that of the confidence in the top label against its being right.
    level, resamples, seed
        Of the intervals: percentile bootstrap for score, uncertainty and within, basic bootstrap for the
        other two, which noise in the bins biases upwards.

    Returns
    -------
    BrierParts

    Raises
    ------
    ValueError
        Probabilities, labels or settings out of range; the message names the row.

    Notes
    -----
    Sources: ``murphy1973new`` for the three parts of forecasts with few values, ``stephenson2008two`` for
    the terms within bins. Claim GC-0.

    Examples
    --------
    >>> parts = brier_decomposition([[0.8, 0.2], [0.8, 0.2], [0.3, 0.7]], [0, 1, 1], resamples=0)
    >>> misled = parts.reliability.value + parts.within.value
    >>> abs(misled - parts.resolution.value + parts.uncertainty.value - parts.score.value) < 1e-15
    True
    """
    bins = check_bins(bins)
    check_binning(binning)
    check_level(level, resamples)
    if of not in ("classes", "top"):
        raise ValueError(f"of must be 'classes' or 'top', got {of!r}.")
    predictions = check_predictions(probs, labels)
    q, y = predictions.probs, label_matrix(predictions)
    if of == "top":
        first = q.argmax(axis=1)[:, None]
        q, y = np.take_along_axis(q, first, axis=1), np.take_along_axis(y, first, axis=1)
    n, columns = q.shape
    edges = [bin_edges(bins) if binning == "width" else mass_edges(column, bins) for column in q.T]
    index = [index_between(column, cuts) for column, cuts in zip(q.T, edges, strict=True)]
    terms = [(None, a, b, a * a, a * b) for a, b in zip(q.T, y.T, strict=True)]
    rng = np.random.default_rng(seed)
    blocks = Blocks(n, 5 * columns * bins, rng)

    def parts(weights: Float) -> Float:
        """The parts when each block counts as often as its weight says."""
        sums = [
            [weights @ blocks.sums(i, bins, term[m]) for i, term in zip(index, terms, strict=True)]
            for m in range(5)
        ]
        return _parts(np.stack([np.stack(row, axis=-2) for row in sums]))

    values = parts(np.ones(blocks.count))
    if resamples == 0:
        return BrierParts(*(Estimate(float(v), np.nan, np.nan, n, level) for v in values))
    drawn = parts(blocks.times_drawn(resamples, rng))
    ends = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=1).T
    for part in (1, 2):  # reflected, and containing the value
        low, high = 2 * values[part] - ends[part, ::-1]
        ends[part] = max(min(low, values[part]), 0.0), max(high, values[part])
    pairs = zip(values, ends, strict=True)
    return BrierParts(*(Estimate(float(v), float(e[0]), float(e[1]), n, level) for v, e in pairs))
