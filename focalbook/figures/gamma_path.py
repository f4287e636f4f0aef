"""Focal-entropy along gamma: convex, log-convex, and its exponential rate: claim FE-4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.theory.entropy import cross_entropy, focal_entropy

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """F(P, Q) for one pair and many gamma.

    Attributes
    ----------
    gamma, value : ndarray, shape (n,)
        From 0 to 12, and F in nats.
    tangent : ndarray, shape (n,)
        H(P,Q) + gamma F'(0).
    far : ndarray, shape (m,)
        Large gammas.
    rate, rate_low, rate_high : ndarray, shape (m,)
        (1/gamma) log F, and the two bounds that squeeze it.
    limit : float
        log(1 - q_min).
    """

    gamma: NDArray[np.float64]
    value: NDArray[np.float64]
    tangent: NDArray[np.float64]
    far: NDArray[np.float64]
    rate: NDArray[np.float64]
    rate_low: NDArray[np.float64]
    rate_high: NDArray[np.float64]
    limit: float


def _along(p: NDArray[np.float64], q: NDArray[np.float64], gamma: NDArray[np.float64]) -> NDArray[np.float64]:
    shape = (len(gamma), len(p))
    return focal_entropy(np.broadcast_to(p, shape), np.broadcast_to(q, shape), gamma)


def data(
    p: ArrayLike = (0.55, 0.35, 0.1), q: ArrayLike = (0.2, 0.45, 0.35), ends: Sequence[float] = (12.0, 300.0)
) -> Data:
    """Compute the path of one pair.

    Parameters
    ----------
    p, q
        True and forecast distributions of one length; q positive wherever p is, and below 1.
    ends
        Largest gamma of the path and of the rate.

    Returns
    -------
    Data
    """
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    gamma, far = np.linspace(0.0, ends[0], 241), np.geomspace(1.0, ends[1], 200)
    surprisal = -np.log(q[p > 0])
    start = cross_entropy(p, q) + gamma * np.sum(p[p > 0] * np.log1p(-q[p > 0]) * surprisal)
    least = np.flatnonzero(p > 0)[np.argmin(q[p > 0])]
    limit = float(np.log1p(-q[least]))
    low = limit + np.log(-p[least] * np.log(q[least])) / far
    high = limit + np.log(cross_entropy(p, q)) / far
    rate = np.log(_along(p, q, far)) / far
    return Data(gamma, _along(p, q, gamma), start, far, rate, low, high, limit)


def draw(data: Data, axes: Any) -> None:
    """Draw the path, its tangent and the chord of log F on the first axes, the rate on the second."""
    left, right = axes
    chord = np.exp(np.interp(data.gamma, data.gamma[[0, -1]], np.log(data.value[[0, -1]])))
    left.plot(data.gamma, data.value, color="C0", label="F(P, Q)")
    left.plot(data.gamma, chord, color="C1", ls="--", label="chord of log F")
    left.plot(data.gamma, data.tangent, color="C5", ls=":", label="tangent at γ = 0")
    left.set(title="F, nats", xlabel="γ", yscale="log", xlim=(0.0, data.gamma[-1]))
    left.set_ylim(0.5 * data.value[-1], 1.5 * data.value[0])
    right.fill_between(data.far, data.rate_low, data.rate_high, color="C0", alpha=0.2, lw=0, label="squeeze")
    right.plot(data.far, data.rate, color="C0", label="(1/γ) log F")
    right.axhline(data.limit, color="C1", ls="--", label="log(1 − q_min)")
    right.set(title="rate of decay", xlabel="γ", xscale="log", xlim=(data.far[0], data.far[-1]))
    left.legend(loc="upper right")
    right.legend(loc="lower right")
