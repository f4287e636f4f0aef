"""Figure: focal-entropy along gamma between its bounds of Bernoulli and of Jensen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.bounds import bernoulli_bounds, jensen_bound
from focalbook.theory.entropy import cross_entropy, focal_entropy

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """One pair P, Q along gamma.

    Attributes
    ----------
    p, q : ndarray, shape (k,)
    gamma : ndarray, shape (n,)
    focal, line, flat, power : ndarray, shape (n,)
        F, H - gamma B, H - B and H (1 - B/H)^gamma in nats.
    """

    p: NDArray[np.float64]
    q: NDArray[np.float64]
    gamma: NDArray[np.float64]
    focal: NDArray[np.float64]
    line: NDArray[np.float64]
    flat: NDArray[np.float64]
    power: NDArray[np.float64]


def data(
    p: Sequence[float] = (0.7, 0.2, 0.1), q: Sequence[float] = (0.6, 0.35, 0.05), most: float = 4.0
) -> Data:
    """Compute the curves for gamma from 0 to `most`, which is above 1."""
    gamma = np.linspace(0.0, most, 401)
    pp, qq = (np.broadcast_to(np.asarray(row), (gamma.size, len(row))) for row in (p, q))
    cross = float(cross_entropy(pp[0], qq[0]))
    slope = cross - float(focal_entropy(pp[0], qq[0], 1.0))
    low, high = bernoulli_bounds(pp, qq, gamma)
    line = np.where(gamma >= 1.0, low, high)
    flat = np.full_like(gamma, cross - slope)
    return Data(pp[0], qq[0], gamma, focal_entropy(pp, qq, gamma), line, flat, jensen_bound(pp, qq, gamma))


def draw(data: Data, ax: Any) -> None:
    """Draw focal-entropy and its bounds, which cross at gamma = 0 and 1."""
    low, high = np.minimum(data.line, data.flat), np.maximum(data.line, data.flat)
    ax.fill_between(data.gamma, low, high, color="C5", alpha=0.2, lw=0, label="allowed by Bernoulli")
    ax.plot(data.gamma, data.focal, color="C0", lw=2.4, label="F")
    ax.plot(data.gamma, data.power, color="C2", ls="-.", label="H (1 - B/H)^γ, Jensen")
    ax.plot(data.gamma, data.line, color="C1", ls="--", label="H - γ B, Bernoulli")
    ax.plot(data.gamma, data.flat, color="C3", ls=":", label="H - B")
    for place in (0.0, 1.0):
        ax.plot(place, np.interp(place, data.gamma, data.focal), "o", color="C0", ms=6)
    ax.axhline(0.0, color="C5", lw=0.8)
    ax.set(xlabel="γ", ylabel="nats", xlim=(0, data.gamma[-1]))
    ax.legend(loc="upper right", fontsize=9)
