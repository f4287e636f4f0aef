"""Five known posteriors with the same very rare classes in different company, for the imbalance design.

An image of a digit is called by one of 21 letters. The five letters Q .. U are rare, from one in a hundred
down to one in ten thousand, with the same masses for every digit, so that a posterior mass is also the
prevalence in the whole data set. The company they keep differs from context to context, and with it the
multiplier: equal heads near the peak of the gain bring the rare letters close to the bound of FE-11, one
favourite raises them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["COMMON", "CONTEXTS", "DIGITS", "FAVOURITE", "LADDER", "RARE", "contexts", "table"]

Float = NDArray[np.float64]

COMMON = 16

#: Masses of the rare letters, the last columns: a logarithmic grid from 1e-2 to 1e-4.
RARE: tuple[float, ...] = tuple(float(10.0**exponent) for exponent in (-2.0, -2.5, -3.0, -3.5, -4.0))

CONTEXTS: tuple[str, ...] = ("sixteen equal", "nine equal", "seven equal", "ladder", "favourite")
LADDER, FAVOURITE = CONTEXTS.index("ladder"), CONTEXTS.index("favourite")

#: The two digits of each context. Digits that are easily taken for each other share one.
DIGITS: tuple[tuple[int, int], ...] = ((1, 8), (3, 9), (2, 5), (4, 7), (0, 6))

_IDLE = 0.01
_STEP = 0.8
_FAVOURITE_MASS = 0.95


def _equal(heads: int, free: float) -> Float:
    idle = COMMON - heads
    return np.concatenate([np.full(heads, (free - idle * _IDLE) / heads), np.full(idle, _IDLE)])


def contexts() -> Float:
    """The five posteriors.

    Returns
    -------
    array, shape (5, 21)
        Rows in the order of :data:`CONTEXTS`, each summing to one. Heads: sixteen, nine and seven equal ones,
        near the peak p* of the gain at gamma = 5, 2 and 1 (the other common letters have 0.01 each); a ladder
        on which each letter has 0.8 times the mass of the one before, from 0.2 to 0.007; and one favourite
        of mass 0.95.

    Examples
    --------
    >>> contexts()[:, [0, 15, 20]].round(4)
    array([[6.160e-02, 6.160e-02, 1.000e-04],
           [1.017e-01, 1.000e-02, 1.000e-04],
           [1.279e-01, 1.000e-02, 1.000e-04],
           [2.028e-01, 7.100e-03, 1.000e-04],
           [9.500e-01, 2.400e-03, 1.000e-04]])
    """
    free = 1.0 - sum(RARE)
    ladder = _STEP ** np.arange(COMMON)
    favourite = np.full(COMMON, (free - _FAVOURITE_MASS) / (COMMON - 1))
    favourite[0] = _FAVOURITE_MASS
    common = [_equal(16, free), _equal(9, free), _equal(7, free), ladder / ladder.sum() * free, favourite]
    return np.array([[*row, *RARE] for row in common])


def table() -> Float:
    """Posterior of every digit: shape (10, 21)."""
    found = np.empty((2 * len(DIGITS), COMMON + len(RARE)))
    for row, digits in zip(contexts(), DIGITS, strict=True):
        found[list(digits)] = row
    return found
