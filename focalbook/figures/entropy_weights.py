"""Figure: what the focal weight takes off the cross-entropy of one class, and three bounds on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.loss import focal_loss

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """One class of probability q.

    Attributes
    ----------
    q : ndarray, shape (n,)
    gammas : tuple of float, length G
    off : ndarray, shape (G, n)
        -log q minus the focal loss, nats.
    bernoulli, coin : ndarray, shape (G, n)
        gamma q (-log q), and gamma times the entropy of the pair q, 1-q.
    """

    q: NDArray[np.float64]
    gammas: tuple[float, ...]
    off: NDArray[np.float64]
    bernoulli: NDArray[np.float64]
    coin: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.5, 2.0), points: int = 400) -> Data:
    """Compute the curves for each gamma above 0."""
    q = np.linspace(0.0, 1.0, points + 2)[1:-1]
    own = -q * np.log(q)
    coin = own - (1.0 - q) * np.log1p(-q)
    off = np.stack([-np.log(q) - focal_loss(q, g) for g in gammas])
    scale = np.array(gammas)[:, None]
    return Data(q, tuple(gammas), off, scale * own, scale * coin)


def draw(data: Data, axes: Any) -> None:
    """Draw one panel for each gamma."""
    for k, (ax, gamma) in enumerate(zip(axes, data.gammas, strict=True)):
        ax.plot(data.q, data.off[k], color="C0", lw=2.4, label="taken off by the weight")
        ax.plot(data.q, data.bernoulli[k], color="C1", ls="--", label="γ q (-log q), Bernoulli")
        ax.plot(data.q, data.coin[k], color="C2", ls="-.", label="γ h(q), entropy of a coin")
        broken = data.off[k] > data.bernoulli[k]
        ax.fill_between(
            data.q, data.bernoulli[k], data.off[k], where=broken, color="C1", alpha=0.25, lw=0,
            label="Bernoulli fails" if broken.any() else None,
        )  # fmt: skip
        ax.set(xlabel="probability q", xlim=(0, 1), ylim=(0, None), title=f"γ = {gamma:g}")
        ax.legend(loc="upper right", fontsize=8.5)
        ax.set_ylim(0, 1.5 * data.coin[k].max())
    axes[0].set_ylabel("nats")
