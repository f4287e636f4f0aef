"""Proper scores of predictions, negative log-likelihood and Brier score, each with an interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.calibration.estimate import Estimate, check_level, mean_estimate
from focalbook.calibration.inputs import check_predictions

__all__ = ["brier", "nll"]


def nll(
    probs: ArrayLike, labels: ArrayLike, *, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> Estimate:
    """Mean negative log-likelihood in nats.

    Parameters
    ----------
    probs : array_like of floats, shape (n, K)
        Predicted distributions.
    labels : array_like
        Classes (integers, shape (n,)), or the known distribution of each row's label (floats, shape (n, K)):
        then this is the exact expectation over labels, the cross-entropy.
    level, resamples, seed
        Of the percentile-bootstrap interval, as in :func:`focalbook.calibration.calibration_error`.

    Returns
    -------
    Estimate
        Infinite where a label that occurred (or may occur) was given probability 0.

    Raises
    ------
    ValueError
        Probabilities, labels or settings out of range; the message names the row.

    Examples
    --------
    >>> nll([[0.5, 0.5]], [1]).value == -np.log(0.5).item()
    True
    """
    predictions = check_predictions(probs, labels)
    check_level(level, resamples)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprisal = -np.log(predictions.probs)
        if predictions.soft:
            terms = np.where(predictions.labels > 0, predictions.labels * surprisal, 0.0)
            values = terms.sum(axis=1)
        else:
            values = np.take_along_axis(surprisal, predictions.labels[:, None], axis=1)[:, 0]
    return mean_estimate(values, level, resamples, seed)


def brier(
    probs: ArrayLike, labels: ArrayLike, *, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> Estimate:
    """Mean Brier score: squared distance of the prediction from the one-hot label, summed over classes.

    Arguments and errors as for :func:`nll`. Between 0 and 2. With label distributions it is the exact
    expectation over labels, |q|^2 - 2 <q, p> + 1, and includes the variance of the labels.

    Returns
    -------
    Estimate

    Examples
    --------
    >>> brier([[0.5, 0.5]], [1]).value
    0.5
    """
    predictions = check_predictions(probs, labels)
    check_level(level, resamples)
    q = predictions.probs
    if predictions.soft:
        hit = (q * predictions.labels).sum(axis=1)
    else:
        hit = np.take_along_axis(q, predictions.labels[:, None], axis=1)[:, 0]
    return mean_estimate((q**2).sum(axis=1) - 2.0 * hit + 1.0, level, resamples, seed)
