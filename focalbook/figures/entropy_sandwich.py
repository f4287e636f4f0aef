"""Cross-entropy against focal-entropy: random pairs, the bounds of claim FE-1 and the sharp one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.entropy import cross_entropy, focal_entropy
from focalbook.theory.loss import focal_loss, gain_crossing

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Random pairs and bounds for one gamma.

    Attributes
    ----------
    gamma : float
    cross, focal : ndarray, shape (count,)
        H(P,Q) and F(P,Q) in nats of the random pairs.
    grid : ndarray, shape (n,)
        Cross-entropies at which the bounds are given.
    lower, sharp : ndarray, shape (n,)
        2^-gamma (H - log 2) of claim FE-1, and the smallest F that a given H allows.
    touching : float
        Cross-entropy -log p0 from which on the sharp bound is H minus a constant.
    """

    gamma: float
    cross: NDArray[np.float64]
    focal: NDArray[np.float64]
    grid: NDArray[np.float64]
    lower: NDArray[np.float64]
    sharp: NDArray[np.float64]
    touching: float


def data(gamma: float = 2.0, count: int = 4000, top: float = 4.0, seed: int = 0) -> Data:
    """Draw pairs P, Q and compute the bounds.

    Each pair has 2 to 20 classes; P and Q are independent Dirichlet vectors whose concentrations are drawn
    evenly on a logarithmic scale from 0.03 to 10, so that confident and even forecasts both occur.

    Parameters
    ----------
    gamma
        Focusing parameter, above 0.
    count
        Number of pairs; those with a cross-entropy above `top` are drawn but not kept.
    top
        Largest cross-entropy shown, in nats.
    seed
        Seed of the random numbers.

    Returns
    -------
    Data
    """
    rng = np.random.default_rng(seed)
    cross, focal = np.empty(count), np.empty(count)
    for k in range(count):
        classes = rng.integers(2, 21)
        p, q = (rng.dirichlet(np.full(classes, a)) for a in 10.0 ** rng.uniform(-1.5, 1.0, 2))
        cross[k], focal[k] = cross_entropy(p, q), focal_entropy(p, q, gamma)
    kept = cross <= top
    grid = np.linspace(0.0, top, 400)
    touching = -np.log(gain_crossing(gamma))
    corner = np.minimum(grid, touching)
    sharp = focal_loss(np.exp(-corner), gamma) + grid - corner
    lower = 2.0**-gamma * (grid - np.log(2.0))
    return Data(gamma, cross[kept], focal[kept], grid, lower, sharp, float(touching))


def draw(data: Data, ax: Any) -> None:
    """Draw the pairs as points and the bounds as lines."""
    ax.plot(data.cross, data.focal, ".", ms=3, color="C5", alpha=0.4, rasterized=True)
    ax.plot(data.grid, data.grid, color="C1", label="H(P, Q), upper bound")
    ax.plot(data.grid, data.sharp, color="C0", label="sharp lower bound")
    ax.plot(data.grid, data.lower, color="C3", ls="--", label="lower bound of FE-1")
    ax.plot(data.touching, np.interp(data.touching, data.grid, data.sharp), "o", color="C0", ms=6)
    ax.set(xlabel="cross-entropy H(P, Q), nats", ylabel="focal-entropy F(P, Q), nats")
    ax.set(xlim=(0.0, data.grid[-1]), ylim=(-0.2, data.grid[-1]))
    ax.legend(loc="upper left", title=f"γ = {data.gamma:g}")
