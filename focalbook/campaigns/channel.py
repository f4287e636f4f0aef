"""A known channel from digits to letters, so that the posterior of every image is known by construction.

An image of digit d is given a letter A .. J drawn from row d of the channel: P(letter | image) = T[d]. Seven
letters are common; the last three are rare and have the same small mass in every row. What differs from row
to row is how the remaining mass is spread, from one clear favourite to seven equal ones, and with it the
multiplier lambda: by FE-9 the same rare letter is raised in one row and lowered in another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.minimizer import minimizer

__all__ = ["COMMON", "HEADS", "LETTERS", "channel", "deepest_suppression"]

LETTERS = "ABCDEFGHIJ"
COMMON = 7

#: Leading masses of each row; the other common letters share what is left. An empty row is spread evenly.
HEADS: tuple[tuple[float, ...], ...] = (
    (0.90,),
    (0.75,),
    (0.60, 0.25),
    (0.45, 0.45),
    (0.30, 0.30, 0.30),
    (0.23,) * 4,
    (0.185,) * 5,
    (),
    (0.40,),
    (0.158,) * 6,
)


def channel(rare: float = 0.01) -> NDArray[np.float64]:
    """Channel T, ten digits by ten letters.

    Parameters
    ----------
    rare : float, in (0, 0.016]
        Mass of each of the three rare letters, the last columns, in every row.

    Returns
    -------
    array, shape (10, 10)
        T[d, k] = P(letter k | digit d); rows sum to one. The leading letters of row d start at letter d,
        counted around the seven common ones.

    Raises
    ------
    ValueError
        `rare` outside its range (above it, a row would have no mass left for its other letters).

    Examples
    --------
    >>> channel()[0].round(4)
    array([0.9   , 0.0117, 0.0117, 0.0117, 0.0117, 0.0117, 0.0117, 0.01  ,
           0.01  , 0.01  ])
    """
    if not 0.0 < rare <= 0.016:
        raise ValueError(f"rare must lie in (0, 0.016], got {rare}.")
    common = 1.0 - (len(LETTERS) - COMMON) * rare
    table = np.full((len(HEADS), len(LETTERS)), rare)
    for digit, heads in enumerate(HEADS):
        rest = (common - sum(heads)) / (COMMON - len(heads))
        masses = [*heads, *[rest] * (COMMON - len(heads))]
        for offset, mass in enumerate(masses):
            table[digit, (digit + offset) % COMMON] = mass
    return table


def deepest_suppression(gamma: float, rare: float = 0.01, classes: int = 10) -> tuple[int, float]:
    """How far a rare class can be suppressed with so many classes: equal heads, and rare classes beside them.

    Parameters
    ----------
    gamma : float, > 0
        Focusing parameter.
    rare : float, in (0, 1/classes)
        Mass of each rare class.
    classes : int, >= 2
        Number of classes.

    Returns
    -------
    (int, float)
        Number of equal heads at which q/p of the rare classes is least, and that q/p. It cannot fall below
        1/h(p*) (claim FE-11).
    """
    best = (0, np.inf)
    for heads in range(1, classes):
        p = np.full(classes, rare)
        p[:heads] = (1.0 - (classes - heads) * rare) / heads
        ratio = float(minimizer(p, gamma)[-1] / rare)
        if ratio < best[1]:
            best = (heads, ratio)
    return best
