"""Validation at the public boundary of :mod:`focalbook.calibration`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.theory._validate import check_batch

__all__ = ["Predictions", "check_bins", "check_predictions"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Predictions:
    """Validated predictions.

    Attributes
    ----------
    probs : float64 array, shape (n, K)
    labels : int64 array of shape (n,), or float64 array of shape (n, K)
        Classes that occurred, or the distribution of the label of each row.
    """

    probs: Float
    labels: NDArray

    @property
    def soft(self) -> bool:
        """Whether labels are distributions."""
        return self.labels.ndim == 2

    def label_mass(self, classes: NDArray[np.int64]) -> Float:
        """Probability that the label of each row is the given class; 0 or 1 for observed labels."""
        if self.soft:
            return np.take_along_axis(self.labels, classes[:, None], axis=1)[:, 0]
        return (self.labels == classes).astype(np.float64)


def check_predictions(probs: ArrayLike, labels: ArrayLike) -> Predictions:
    """Check probabilities and labels.

    Parameters
    ----------
    probs : array_like of floats, shape (n, K), n >= 1
        One distribution for each row.
    labels : array_like
        Integers of shape (n,) in 0 .. K-1, or distributions, floats of shape (n, K).

    Returns
    -------
    Predictions

    Raises
    ------
    ValueError
        Any of these violated; the message names row and value.
    """
    array = np.asarray(probs)
    if array.ndim != 2:
        raise ValueError(
            f"probs must have shape (n, K), one distribution for each row, got {array.shape}. "
            f"For two classes give both columns."
        )
    rows = check_batch(array, 0.0, -1, name="probs").rows
    if len(rows) == 0:
        raise ValueError("probs has no rows: an average over nothing is not defined.")
    given = np.asarray(labels)
    if given.ndim == 2:
        soft = check_batch(given, 0.0, -1, name="labels").rows
        if soft.shape != rows.shape:
            raise ValueError(f"labels of shape {soft.shape} do not fit probs of shape {rows.shape}.")
        return Predictions(rows, soft)
    if given.shape != rows.shape[:1]:
        raise ValueError(f"labels must have shape ({len(rows)},), one for each row, got {given.shape}.")
    if given.dtype.kind not in "iu":
        raise ValueError(
            f"labels must be integers (classes) or an (n, K) array of floats, got {given.dtype}."
        )
    outside = (given < 0) | (given >= rows.shape[1])
    if outside.any():
        row = int(np.argmax(outside))
        raise ValueError(f"label {given[row]} of row {row} is not a class in 0 .. {rows.shape[1] - 1}.")
    return Predictions(rows, given.astype(np.int64))


def check_bins(bins: int) -> int:
    """Number of bins, an integer of at least 1."""
    if isinstance(bins, bool) or not isinstance(bins, int | np.integer) or bins < 1:
        raise ValueError(f"bins must be an integer of at least 1, got {bins!r}.")
    return int(bins)
