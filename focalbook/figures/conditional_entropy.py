"""Figure: entropy of X against conditional entropy of Y, for random joint distributions of two coins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.claims.kimura2024geometric.maximum_entropy import COINS, conditional_entropy

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Points (H(X), H(Y|X)) in nats.

    Attributes
    ----------
    cloud : ndarray, shape (n, 2)
        Random joint distributions.
    stored : ndarray, shape (2, 2)
        Two fair coins, and two coins of 0.9.
    totals : tuple of float
        Values of H(X,Y) along which the source's step is right.
    """

    cloud: NDArray[np.float64]
    stored: NDArray[np.float64]
    totals: tuple[float, ...]


def data(count: int = 1500, totals: Sequence[float] = (0.4, 0.8, 1.2)) -> Data:
    """Draw joint distributions of every concentration, and evaluate the stored pair again."""
    rng = np.random.default_rng(0)
    sharp = rng.choice([0.2, 0.5, 1.0, 3.0], count)
    cloud = [conditional_entropy(rng.dirichlet(np.full(4, a)).reshape(2, 2)) for a in sharp]
    return Data(np.array(cloud), np.array([conditional_entropy(joint) for joint in COINS]), tuple(totals))


def draw(data: Data, ax: Any) -> None:
    """Draw the cloud, lines of equal joint entropy, and the stored pair."""
    ax.plot(*data.cloud.T, "o", color="C5", ms=2.5, alpha=0.45, label="random joint distributions")
    for k, total in enumerate(data.totals):
        ax.plot([0, total], [total, 0], color="C2", lw=1.2, ls="--", label=None if k else "H(X,Y) fixed")
    fair, bent = data.stored
    ax.annotate("", fair, bent, arrowprops={"arrowstyle": "->", "color": "C1", "lw": 2})
    ax.plot(*fair, "s", color="C1", ms=8, label="two fair coins")
    ax.plot(*bent, "o", color="C1", ms=8, label="two coins of 0.9")
    ax.set(xlabel="H(X), nats", ylabel="H(Y|X), nats", xlim=(0, 0.75), ylim=(0, 0.75))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, fontsize=10)
