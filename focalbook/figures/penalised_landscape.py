"""Figure: the focal-entropy of two classes, its lower bound, and where each is smallest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.entropy import focal_entropy
from focalbook.theory.minimizer import minimizer
from focalbook.theory.penalty import penalised_entropy, penalised_minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Two classes.

    Attributes
    ----------
    truth, gamma : float
        Probability of the first class, and focusing parameter, of the landscape.
    q : ndarray, shape (n,)
        Model probability of the first class.
    focal, bound : ndarray, shape (n,)
        F and H(P,Q) - gamma H(Q), nats.
    best : ndarray, shape (2,)
        Where F and the bound are smallest.
    p : ndarray, shape (k,)
        Truths of the maps.
    gammas : tuple of float, length G
    focal_map, bound_map : ndarray, shape (G, k)
        First mass of both minimisers.
    """

    truth: float
    gamma: float
    q: NDArray[np.float64]
    focal: NDArray[np.float64]
    bound: NDArray[np.float64]
    best: NDArray[np.float64]
    p: NDArray[np.float64]
    gammas: tuple[float, ...]
    focal_map: NDArray[np.float64]
    bound_map: NDArray[np.float64]


def data(truth: float = 0.99, gamma: float = 1.0, gammas: Sequence[float] = (0.5, 2.0)) -> Data:
    """Compute the landscape at one truth and the maps from truth to minimiser."""
    q, p = np.linspace(0.3, 0.9999, 500), np.linspace(0.5, 1.0, 201)
    pair, models = np.array([truth, 1.0 - truth]), np.stack([q, 1.0 - q], axis=1)
    pairs, repeated = np.stack([p, 1.0 - p], axis=1), np.broadcast_to(pair, models.shape)
    return Data(
        truth,
        gamma,
        q,
        focal_entropy(repeated, models, gamma),
        penalised_entropy(repeated, models, gamma),
        np.array([minimizer(pair, gamma)[0], penalised_minimizer(pair, gamma)[0]]),
        p,
        tuple(gammas),
        np.stack([minimizer(pairs, g)[:, 0] for g in gammas]),
        np.stack([penalised_minimizer(pairs, g)[:, 0] for g in gammas]),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the landscape on the first axes and the maps on the second."""
    left, right = axes
    left.plot(data.q, data.focal, color="C0", lw=2.2, label="focal-entropy F")
    left.plot(data.q, data.bound, color="C1", ls="--", label="H(P,Q) - γ H(Q)")
    for place, curve, colour in zip(data.best, (data.focal, data.bound), ("C0", "C1"), strict=True):
        left.plot(place, np.interp(place, data.q, curve), "o", color=colour, ms=7)
    left.plot(data.best[1], np.interp(data.best[1], data.q, data.focal), "s", color="C1", ms=6)
    left.plot(
        data.truth, np.interp(data.truth, data.q, data.focal), "^", color="C2", ms=8, label="F at the truth"
    )
    left.axhline(0.0, color="C5", lw=0.8)
    left.set(
        xlabel="model probability",
        ylabel="nats",
        title=f"P = ({data.truth:g}, {1 - data.truth:g}), γ = {data.gamma:g}",
    )
    left.set_ylim(1.1 * data.bound.min(), 2.0 * data.focal.max())
    left.legend(loc="upper left", fontsize=9)
    right.plot(data.p, data.p, color="C5", lw=1, ls=":", label="no change")
    for k, gamma in enumerate(data.gammas):
        lw = 1.4 + 1.2 * k
        right.plot(data.p, data.focal_map[k], color="C0", lw=lw, label=f"focal, γ = {gamma:g}")
        right.plot(data.p, data.bound_map[k], color="C1", lw=lw, ls="--", label=f"bound, γ = {gamma:g}")
    right.set(xlabel="true probability", ylabel="minimiser", xlim=(0.5, 1), ylim=(0.5, 1))
    right.legend(loc="upper left", fontsize=8.5)
