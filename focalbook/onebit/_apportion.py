"""Whole numbers of bits from shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def apportion(weights: ArrayLike, bits: int) -> NDArray[np.int64]:
    """Whole numbers of bits in given shares, by the efficient rounding of Pukelsheim and Rieder (1992).

    Parameters
    ----------
    weights : array_like, shape (n,)
        Shares, not negative; only their proportions matter.
    bits : int
        Their number, at least one for each positive share.

    Examples
    --------
    >>> apportion([0.5, 0.0, 0.5], 101)
    array([51,  0, 50])
    """
    shares = np.asarray(weights, np.float64)
    if shares.ndim != 1 or not (np.isfinite(shares) & (shares >= 0)).all() or not shares.any():
        raise ValueError(f"weights must be shares, not negative and not all 0: got {weights!r}.")
    used = np.flatnonzero(shares)
    if bits < used.size or bits != int(bits):
        raise ValueError(f"{bits} bits do not serve {used.size} measurements: expected a whole number.")
    w = shares[used] / shares[used].sum()
    counts = np.ceil((bits - 0.5 * used.size) * w)
    while counts.sum() > bits:
        counts[np.argmax((counts - 1) / w)] -= 1
    while counts.sum() < bits:
        counts[np.argmin(counts / w)] += 1
    out = np.zeros(shares.size, np.int64)
    out[used] = counts
    return out
