"""Bins of confidences: equal widths or equal numbers of rows, always (lo, hi] with the first one closed."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

__all__ = ["Binning", "bin_edges", "bin_index", "check_binning", "index_between", "mass_edges"]

Float = NDArray[np.float64]
Binning = Literal["width", "mass"]
_CHUNK = 16_384


def check_binning(binning: str) -> None:
    """Refuse anything but ``"width"`` and ``"mass"``."""
    if binning not in get_args(Binning):
        raise ValueError(f"binning must be one of {', '.join(get_args(Binning))}, got {binning!r}.")


def bin_edges(bins: int) -> Float:
    """Edges 0, 1/bins, ..., 1, each rounded once."""
    return np.arange(bins + 1) / bins


def bin_index(confidence: Float, bins: int) -> NDArray[np.int64]:
    """Bin of each confidence among bins of equal width: (lo, hi], the first bin closed on both sides.

    Compared with the edges themselves, so that a confidence equal to an edge lies in the bin below it.
    """
    edges = bin_edges(bins)
    out = np.empty(len(confidence), dtype=np.int64)
    for first in range(0, len(confidence), _CHUNK):
        part = confidence[first : first + _CHUNK]
        index = out[first : first + _CHUNK]
        np.copyto(index, np.ceil(part * bins), casting="unsafe")
        index -= 1
        np.clip(index, 0, bins - 1, out=index)
        # part * bins was rounded: at most one bin off
        index -= (part <= edges.take(index, mode="clip")) & (index > 0)
        index += (part > edges.take(index + 1, mode="clip")) & (index < bins - 1)
    return out


def mass_edges(confidence: Float, bins: int) -> Float:
    """Edges of bins that hold equally many rows, as nearly as ties allow.

    Parameters
    ----------
    confidence : array, shape (n,)
    bins : int, from 1 to n

    Returns
    -------
    array, shape (m + 1,), m <= bins
        0, then the confidences at the ranks n/bins, 2n/bins, ... (rounded up), then 1. Equal confidences stay
        together, so that ties leave fewer bins.

    Raises
    ------
    ValueError
        More bins than rows.
    """
    n = len(confidence)
    if bins > n:
        raise ValueError(
            f"{bins} bins of equal mass need at least as many rows, got {n}. Ask for fewer bins, or for "
            f"bins of equal width, of which some stay empty."
        )
    ranks = -(-n * np.arange(1, bins) // bins) - 1
    inner = np.partition(confidence, ranks)[ranks] if bins > 1 else np.empty(0)
    return np.unique(np.concatenate([[0.0], inner[(inner > 0) & (inner < 1)], [1.0]]))


def index_between(confidence: Float, edges: Float) -> NDArray[np.int64]:
    """Bin of each confidence between given edges: (lo, hi], the first closed; values above 1 in the last."""
    index = np.searchsorted(edges, confidence, side="left") - 1
    return np.clip(index, 0, len(edges) - 2).astype(np.int64)
