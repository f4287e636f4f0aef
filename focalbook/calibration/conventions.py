"""What other libraries do with a confidence on the edge of a bin: their conventions, written anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.calibration.bins import bin_edges, bin_index
from focalbook.calibration.inputs import check_bins
from focalbook.theory._validate import check_unit

__all__ = ["CONVENTIONS", "Convention", "error_by_convention"]

Float = NDArray[np.float64]
Convention = Literal["upper", "lower", "lower, 1 apart"]


def _lower(confidence: Float, bins: int) -> NDArray[np.int64]:
    return np.minimum(_apart(confidence, bins), bins - 1)


def _apart(confidence: Float, bins: int) -> NDArray[np.int64]:
    return np.searchsorted(bin_edges(bins), confidence, side="right") - 1


#: Bin of each confidence. ``upper``: (lo, hi], the first closed, as here and in scikit-learn 1.9. ``lower``:
#: [lo, hi), the last closed, as in NumPy's histogram and netcal 1.4. ``lower, 1 apart``: [lo, hi), and a bin
#: more for confidence 1, as in torchmetrics 1.9 and relplot 1.0.
CONVENTIONS: dict[Convention, Callable[[Float, int], NDArray[np.int64]]] = {
    "upper": bin_index,
    "lower": _lower,
    "lower, 1 apart": _apart,
}


def error_by_convention(
    confidence: ArrayLike, correct: ArrayLike, bins: int = 15, convention: Convention = "upper"
) -> float:
    """Expected calibration error of given confidences under one of the conventions in use.

    Parameters
    ----------
    confidence : array_like, shape (n,)
        Numbers in [0, 1], compared as float64.
    correct : array_like, shape (n,)
        Whether each prediction was right, or its probability of being right.
    bins : int, >= 1
    convention : {"upper", "lower", "lower, 1 apart"}

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Confidences outside [0, 1], another number of answers than confidences, an unknown convention.

    Examples
    --------
    >>> [round(error_by_convention([1.0, 0.95], [0.9, 1.0], 15, name), 3) for name in CONVENTIONS]
    [0.025, 0.025, 0.075]
    """
    bins = check_bins(bins)
    shown, right = check_unit(confidence, "confidence"), check_unit(correct, "correct")
    if shown.ndim != 1 or shown.shape != right.shape or not shown.size:
        raise ValueError(f"expected two lists of one length, got shapes {shown.shape} and {right.shape}.")
    if convention not in CONVENTIONS:
        raise ValueError(f"convention must be one of {', '.join(CONVENTIONS)}, got {convention!r}.")
    index = CONVENTIONS[convention](shown, bins)
    return float(np.abs(np.bincount(index, shown - right)).sum()) / len(shown)
