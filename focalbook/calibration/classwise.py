"""Calibration error of every class's probability, not of the top label alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.calibration.bins import Binning, bin_edges, check_binning, index_between, mass_edges
from focalbook.calibration.blocks import Blocks, redrawn_labels
from focalbook.calibration.estimate import Estimate, basic_interval, check_level
from focalbook.calibration.inputs import Predictions, check_bins, check_predictions

__all__ = ["classwise_error", "label_matrix"]

Float = NDArray[np.float64]


def label_matrix(predictions: Predictions) -> Float:
    """Labels as distributions, shape (n, K)."""
    if predictions.soft:
        return predictions.labels
    return (predictions.labels[:, None] == np.arange(predictions.probs.shape[1])).astype(np.float64)


def classwise_error(
    probs: ArrayLike,
    labels: ArrayLike,
    bins: int = 15,
    *,
    binning: Binning = "width",
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Estimate:
    """Classwise expected calibration error: the mean over classes of that of each class's probability.

    Parameters
    ----------
    probs, labels, bins, binning, level, resamples, seed
        As for :func:`focalbook.calibration.calibration_error`; the bins of a class are over the probabilities
        of that class, 0 included in the first.

    Returns
    -------
    Estimate
        ``(1/K) sum_k sum_b |sum_{i in b} (q_ik - y_ik)| / n``. With many classes most probabilities are small
        and so is the mean: compare only values for one number of classes.

    Raises
    ------
    ValueError
        Probabilities, labels or settings out of range; the message names the row.

    Notes
    -----
    Source: ``kull2019beyond``. The interval is the basic bootstrap interval, as for the top label; above
    :data:`focalbook.calibration.blocks.MOST` rows, random blocks of rows are drawn instead of rows.

    Examples
    --------
    >>> round(classwise_error([[0.75, 0.25], [0.75, 0.25]], [0, 1]).value, 12)
    0.25
    """
    bins = check_bins(bins)
    check_binning(binning)
    check_level(level, resamples)
    predictions = check_predictions(probs, labels)
    q, n, classes = predictions.probs, *predictions.probs.shape
    edges = [bin_edges(bins) if binning == "width" else mass_edges(column, bins) for column in q.T]
    index = [index_between(column, cuts) for column, cuts in zip(q.T, edges, strict=True)]
    truth = label_matrix(predictions)
    value = sum(
        float(np.abs(np.bincount(i, q[:, k] - truth[:, k], bins)).sum()) for k, i in enumerate(index)
    ) / (n * classes)
    if resamples == 0:
        return Estimate(value, np.nan, np.nan, n, level)
    rng = np.random.default_rng(seed)
    blocks = Blocks(n, classes * bins, rng)
    times = blocks.times_drawn(resamples, rng)

    def resampled(target: Float, weights: Float) -> Float:
        sums = [blocks.sums(i, bins, q[:, k] - target[:, k]) for k, i in enumerate(index)]
        return np.abs(weights @ np.concatenate(sums, axis=1)).sum(axis=1) / (n * classes)

    noise = None
    if not predictions.soft:
        redrawn = np.arange(classes) == redrawn_labels(q, rng)[:, None]
        noise = resampled(redrawn.astype(np.float64), times - 1.0)
    return basic_interval(value, resampled(truth, times), n, level, noise)
