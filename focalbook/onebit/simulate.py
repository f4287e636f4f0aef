"""Draws of one-bit data: counts by the binomial law, so that replicates cost cells and not bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.onebit._tails import Float

__all__ = ["draw_bits", "draw_counts"]


def draw_counts(
    probability: ArrayLike, trials: ArrayLike, replicates: int, rng: np.random.Generator | int
) -> Float:
    """Counts of ones, shape (replicates, c), for cells with given probabilities and numbers of trials.

    Parameters
    ----------
    probability : array_like in [0, 1], shape (c,)
        P(X >= tau) in each cell.
    trials : array_like of whole numbers, shape (c,)
        Bits in each cell.
    replicates : int, >= 1
        Independent repetitions of the whole experiment.
    rng : numpy.random.Generator or int
        Source of randomness, or its seed.

    Raises
    ------
    ValueError
        A probability outside [0, 1], trials that are no whole numbers, no replicates.

    Examples
    --------
    >>> draw_counts([0.0, 1.0], [5, 7], 2, rng=0)
    array([[0., 7.],
           [0., 7.]])
    """
    p, n = np.broadcast_arrays(np.asarray(probability, np.float64), np.asarray(trials, np.float64))
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"probability must lie in [0, 1], got {p[~((p >= 0) & (p <= 1))].flat[0]}.")
    if not (np.isfinite(n) & (n >= 0) & (n == np.floor(n))).all():
        raise ValueError("trials must be whole numbers from 0 on.")
    if replicates < 1:
        raise ValueError(f"replicates must be at least 1, got {replicates}.")
    generator = np.random.default_rng(rng)
    return generator.binomial(n.astype(np.int64), p, size=(replicates, *p.shape)).astype(np.float64)


def draw_bits(probability: ArrayLike, rng: np.random.Generator | int) -> np.ndarray:
    """One bit for each probability, as booleans of the same shape."""
    p = np.asarray(probability, np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"probability must lie in [0, 1], got {p[~((p >= 0) & (p <= 1))].flat[0]}.")
    return np.random.default_rng(rng).random(p.shape) < p
