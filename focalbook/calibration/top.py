"""Confidence in the top label and whether it is right, found in one pass over blocks that fit the cache."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.calibration.inputs import check_predictions
from focalbook.theory._validate import SUM_TOLERANCE

__all__ = ["Top", "top_label"]

Float = NDArray[np.float64]
_BLOCK = 200_000  # numbers in a block, a megabyte or two
_PATTERNS = {"float64": np.uint64, "float32": np.uint32}


@dataclass(frozen=True)
class Top:
    """The top label of every row.

    Attributes
    ----------
    confidence : array, shape (n,)
        Probability given to the most probable class.
    correct : array, shape (n,)
        Probability that this class is right; for observed labels whether it is (bool).
    soft : bool
        Whether labels were given as distributions.
    """

    confidence: Float
    correct: NDArray
    soft: bool


def top_label(probs: ArrayLike, labels: ArrayLike) -> Top:
    """Check predictions and find the top label of every row.

    Of several equally probable classes the first counts. Arguments and errors are those of
    :func:`focalbook.calibration.inputs.check_predictions`; confidences are compared as float64.

    Notes
    -----
    In the fast path, the patterns of floating-point numbers are read as unsigned integers. Those of
    nonnegative numbers are ordered as the numbers are, and those of negative numbers, infinities and NaN lie
    above that of 1: the largest pattern of a row gives its top label, and tells whether all its entries are
    in range. Sums of rows are products with a vector of ones, in the precision of the input, and have to be
    within the tolerance less what rounding may have added. Whatever fails here is left to the full check.
    """
    found = _fast(np.asarray(probs), np.asarray(labels))
    if found is not None:
        return found
    predictions = check_predictions(probs, labels)
    top = predictions.probs.argmax(axis=1)
    confidence = np.take_along_axis(predictions.probs, top[:, None], axis=1)[:, 0]
    return Top(confidence, predictions.label_mass(top), predictions.soft)


def _fast(probs: NDArray, labels: NDArray) -> Top | None:
    """The top labels, or None for anything that is unusual."""
    pattern = _PATTERNS.get(probs.dtype.name)
    if pattern is None or probs.ndim != 2 or not probs.flags.c_contiguous or 0 in probs.shape:
        return None
    n, classes = probs.shape
    if not probs.dtype.isnative or labels.shape != (n,) or labels.dtype.kind not in "iu":
        return None
    if labels.min() < 0 or labels.max() >= classes:
        return None
    rounding = classes * float(np.finfo(probs.dtype).eps) / 2
    tolerance = SUM_TOLERANCE[probs.dtype.name] - rounding
    limit = np.array(1 + tolerance, dtype=probs.dtype).view(pattern)
    confidence, correct = np.empty(n, dtype=probs.dtype), np.empty(n, dtype=bool)
    bits, largest = probs.view(pattern), confidence.view(pattern)
    rows = max(1, _BLOCK // classes)
    starts, ones = np.arange(rows) * classes, np.ones(classes, dtype=probs.dtype)
    for first in range(0, n, rows):
        part = slice(first, min(first + rows, n))
        block = bits[part]
        best = block.argmax(axis=1)
        np.equal(best, labels[part], out=correct[part])
        best += starts[: len(best)]
        top = block.reshape(-1).take(best, out=largest[part], mode="clip")
        total = probs[part] @ ones
        most, least = np.maximum.reduce(total), np.minimum.reduce(total)
        in_range = np.maximum.reduce(top) <= limit
        if not (in_range and most - 1 <= tolerance and 1 - least <= tolerance):
            return None
    return Top(confidence.astype(np.float64, copy=False), correct, soft=False)
