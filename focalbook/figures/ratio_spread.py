"""The ratio F/H of focal-entropy to cross-entropy: over random pairs, and for a confident forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.entropy import cross_entropy, focal_entropy

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Two views of F/H.

    Attributes
    ----------
    gammas : tuple of float
    classes : tuple of int
    low, middle, high : ndarray, shape (len(gammas), len(classes))
        5 %, 50 % and 95 % quantiles of F/H over random pairs.
    pairs : int
        Random pairs for each number of classes.
    doubt : ndarray, shape (n,)
        1 - c, where c is the probability of the predicted class among ten, the others being equal.
    calibrated, correct : ndarray, shape (len(gammas), n)
        F/H where the predicted class occurs with probability c, and where it always occurs.
    """

    gammas: tuple[float, ...]
    classes: tuple[int, ...]
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]
    pairs: int
    doubt: NDArray[np.float64]
    calibrated: NDArray[np.float64]
    correct: NDArray[np.float64]


def data(gammas: Sequence[float], ratios: Mapping[int, ArrayLike], points: int = 120) -> Data:
    """Summarise random ratios and compute those of a confident forecast.

    Parameters
    ----------
    gammas
        Focusing parameters, each at least 0.
    ratios
        For each number of classes the ratios F/H of random pairs, shape (len(gammas), pairs).
    points
        Grid points of the confident forecast.

    Returns
    -------
    Data

    Raises
    ------
    ValueError
        If the ratios do not have one row for each gamma and equally many columns.
    """
    stacked = [np.asarray(ratio, dtype=float) for ratio in ratios.values()]
    if len({ratio.shape for ratio in stacked}) != 1 or stacked[0].shape[0] != len(gammas):
        shapes = sorted({ratio.shape for ratio in stacked})
        raise ValueError(f"ratios must all have shape ({len(gammas)}, pairs), got {shapes}")
    low, middle, high = np.quantile(np.stack(stacked, axis=1), (0.05, 0.5, 0.95), axis=2)
    doubt = np.geomspace(0.9, 1e-6, points)
    q = np.concatenate([1.0 - doubt[:, None], np.repeat(doubt[:, None] / 9.0, 9, axis=1)], axis=1)
    sure = np.zeros_like(q)
    sure[:, 0] = 1.0
    levels = [np.full(points, float(gamma)) for gamma in gammas]
    pair = [np.stack([focal_entropy(p, q, g) / cross_entropy(p, q) for g in levels]) for p in (q, sure)]
    return Data(tuple(gammas), tuple(ratios), low, middle, high, stacked[0].shape[1], doubt, *pair)


def draw(data: Data, axes: Any) -> None:
    """Draw the random pairs on the first axes and the confident forecast on the second."""
    left, right = axes
    for k, (gamma, colour) in enumerate(zip(data.gammas, gamma_colors(data.gammas), strict=True)):
        left.fill_between(data.classes, data.low[k], data.high[k], color=colour, alpha=0.2, lw=0)
        left.plot(data.classes, data.middle[k], "o-", ms=4, color=colour, label=f"γ = {gamma:g}")
        right.plot(data.doubt, data.calibrated[k], color=colour)
        right.plot(data.doubt, data.correct[k], color=colour, ls="--")
    left.set(title="F/H, random P and Q", xscale="log", xlabel="number of classes", ylim=(0.0, 1.05))
    right.set(title="F/H, a confident forecast", xscale="log", xlabel="doubt, 1 − c", ylim=(0.0, 1.05))
    right.set_xlim(data.doubt[0], data.doubt[-1])
    right.plot([], [], color="C5", label="right with probability c")
    right.plot([], [], color="C5", ls="--", label="always right")
    left.legend(loc="lower right")
    right.legend(loc="center right")
