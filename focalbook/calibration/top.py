"""Confidence in the top label and whether it is right, found in one pass over blocks that fit the cache."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.calibration.inputs import check_predictions
from focalbook.theory._validate import SUM_TOLERANCE

__all__ = ["Top", "top_label"]

Float = NDArray[np.float64]
_BLOCK = 100_000  # numbers in a block: less than a megabyte
_SPAN = 16_000  # rows whose sums are looked at together
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
    In the fast path nothing is searched for. The patterns of nonnegative floating-point numbers, read as
    unsigned integers, are ordered as the numbers are, and those of negative numbers, infinities and NaN lie
    above that of 1: the largest pattern of a row is its confidence, and tells whether all its entries are in
    range. The top label is right if the label has that same pattern and no class before it has; a tie is
    possible only up to a confidence of one half. Whatever fails this pass is left to the full check.
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
    tolerance = SUM_TOLERANCE[probs.dtype.name] - classes * float(np.finfo(probs.dtype).eps) / 2  # rounding
    limit = np.array(1 + tolerance, dtype=probs.dtype).view(pattern)
    confidence, correct = np.empty(n, dtype=probs.dtype), np.empty(n, dtype=bool)
    rows = max(1, _BLOCK // classes)
    span = rows * max(1, _SPAN // rows)
    work = _Work(rows, classes, probs.dtype, np.empty(min(span, n), dtype=probs.dtype))
    for first in range(0, n, span):
        part = slice(first, min(first + span, n))
        block, top, right = probs[part], confidence[part], correct[part]
        label = labels[part].astype(np.int64, copy=False)
        total = work.pass_over(block.view(pattern), block, label, top.view(pattern), right)
        in_range = np.maximum.reduce(top.view(pattern)) <= limit
        if not (in_range and total.max() - 1 <= tolerance and 1 - total.min() <= tolerance):
            return None
        tied = np.flatnonzero(right & (top <= 0.51))
        if tied.size:
            right[tied] = block[tied].argmax(axis=1) == label[tied]
    return Top(confidence.astype(np.float64, copy=False), correct, soft=False)


class _Work:
    """What the passes over blocks of one array share."""

    def __init__(self, rows: int, classes: int, dtype: np.dtype, total: NDArray) -> None:
        self.rows, self.starts, self.total = rows, np.arange(rows) * classes, total
        self.ones = np.ones(classes, dtype=dtype)

    def pass_over(
        self, bits: NDArray, probs: NDArray, labels: NDArray, top: NDArray, right: NDArray
    ) -> NDArray:
        """Fill in the largest pattern of each row and whether the label has it; return the sums of rows."""
        n, flat, classes = len(probs), bits.reshape(-1), probs.shape[1]
        for first in range(0, n, self.rows):
            rows = slice(first, min(first + self.rows, n))
            np.maximum.reduce(bits[rows], axis=1, out=top[rows])
            np.dot(probs[rows], self.ones, out=self.total[rows])
            place = labels[rows] + self.starts[: rows.stop - first]
            place += first * classes
            np.equal(flat.take(place, mode="clip"), top[rows], out=right[rows])
        return self.total[:n]
