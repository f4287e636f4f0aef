"""How the pull of the samples on a classifier is shared out, under several focusing parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.loss import focal_gain

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Shares of the pull, the sum over samples of the norm of the logit gradient.

    Attributes
    ----------
    gammas : tuple of float
    samples : ndarray, shape (n + 1,)
        Fraction of the samples, hardest (lowest q) first, from 0 to 1.
    held : ndarray, shape (len(gammas), n + 1)
        Share of the pull held by that fraction, all gammas at the same weights.
    steps : ndarray, shape (m,)
    low, middle, high : ndarray, shape (len(gammas), m)
        Smallest, median and largest share of the hardest tenth over repetitions, each gamma on its own path.
    repetitions : int
    """

    gammas: tuple[float, ...]
    samples: NDArray[np.float64]
    held: NDArray[np.float64]
    steps: NDArray[np.int_]
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]
    repetitions: int


def data(
    gammas: Sequence[float], q: ArrayLike, distance: ArrayLike, steps: Sequence[int], shares: ArrayLike
) -> Data:
    """Arrange what an experiment has measured.

    Parameters
    ----------
    gammas
        Focusing parameters, each at least 0.
    q
        Probabilities of the true class at one set of weights, shape (n,).
    distance
        Norm of the cross-entropy's logit gradient, |q - e_y|, of the same samples, shape (n,).
    steps
        Training steps at which `shares` were taken, length m.
    shares
        Share of the pull held by the hardest tenth, shape (m, len(gammas), repetitions).

    Returns
    -------
    Data

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    q, distance, shares = np.asarray(q), np.asarray(distance), np.asarray(shares)
    if q.ndim != 1 or q.shape != distance.shape:
        raise ValueError(f"q and distance must be vectors of one length, got {q.shape} and {distance.shape}")
    if shares.ndim != 3 or shares.shape[:2] != (len(steps), len(gammas)):
        raise ValueError(f"shares must have shape ({len(steps)}, {len(gammas)}, n), got {shares.shape}")
    order = np.argsort(q, kind="stable")
    pull = focal_gain(q[order], np.asarray(gammas, dtype=float)[:, None]) * distance[order]
    held = np.cumsum(pull, axis=1) / pull.sum(axis=1, keepdims=True)
    start = np.zeros((len(gammas), 1))
    return Data(
        tuple(gammas),
        np.linspace(0.0, 1.0, len(q) + 1),
        np.concatenate([start, held], axis=1),
        np.asarray(steps),
        shares.min(axis=2).T,
        np.median(shares, axis=2).T,
        shares.max(axis=2).T,
        shares.shape[2],
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the shares at equal weights on the first axes, the hardest tenth along training on the second."""
    left, right = axes
    left.plot([0, 1], [0, 1], color="C5", ls=":", label="equal pull")
    for k, (gamma, colour) in enumerate(zip(data.gammas, gamma_colors(data.gammas), strict=True)):
        left.plot(data.samples, data.held[k], color=colour, label=f"γ = {gamma:g}")
        right.fill_between(data.steps, data.low[k], data.high[k], color=colour, alpha=0.25, lw=0)
        right.plot(data.steps, data.middle[k], color=colour)
    left.set(title="pull held, same weights", xlabel="fraction of samples, hardest first", ylim=(0.0, 1.02))
    right.set(title="pull held by the hardest tenth", xlabel="training step", ylim=(0.0, 1.02))
    left.set_xlim(0.0, 1.0)
    right.set_xlim(data.steps[0], data.steps[-1])
    left.legend(loc="lower right")
