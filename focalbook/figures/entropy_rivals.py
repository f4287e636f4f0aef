"""Figure: rivals with the same mean, and what their entropy lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.entropy import entropy, kl_divergence
from focalbook.theory.maxent import Levels

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Random distributions on levels, all with one mean.

    Attributes
    ----------
    energies : ndarray, shape (k,)
    mean : float
    best : ndarray, shape (k,)
        The one of largest entropy.
    rivals : ndarray, shape (n, k)
    lack : ndarray, shape (n,)
        Largest entropy minus theirs, nats.
    divergence : ndarray, shape (n,)
        KL(rival || best), nats.
    """

    energies: NDArray[np.float64]
    mean: float
    best: NDArray[np.float64]
    rivals: NDArray[np.float64]
    lack: NDArray[np.float64]
    divergence: NDArray[np.float64]


def data(
    energies: Sequence[float] = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0), mean: float = 4.5, count: int = 300
) -> Data:
    """Draw rivals: random weights on the levels, tilted until their mean is right."""
    rng, levels = np.random.default_rng(0), Levels(energies)
    best, rivals = levels.probabilities(levels.beta(mean)), []
    for scale in np.linspace(0.02, 2.5, count):
        rough = Levels(energies, np.exp(scale * rng.normal(size=len(energies))))
        rivals.append(rough.probabilities(rough.beta(mean)))
    table = np.array(rivals)
    lack = float(entropy(best)) - entropy(table)
    return Data(
        levels.energies, mean, best, table, lack, kl_divergence(table, np.broadcast_to(best, table.shape))
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the best and some rivals on the first axes, entropy lacking against divergence on the second."""
    left, right = axes
    for k in np.linspace(20, len(data.rivals) - 1, 5).astype(int):
        left.plot(
            data.energies, data.rivals[k], color="C5", lw=1, alpha=0.7, label="rivals" if k == 20 else None
        )
    left.plot(data.energies, data.best, "o-", color="C0", lw=2.4, label="largest entropy")
    left.set(xlabel="energy", ylabel="probability", ylim=(0, None), title=f"mean {data.mean:g}")
    left.legend(loc="upper left", fontsize=9)
    top = 1.05 * data.divergence.max()
    right.plot([0, top], [0, top], color="C1", lw=1.2, ls="--", label="equal")
    right.plot(data.divergence, data.lack, "o", color="C0", ms=3.5, alpha=0.6, label="rivals")
    right.set(xlabel="KL(rival ‖ best), nats", ylabel="entropy lacking, nats", xlim=(0, top), ylim=(0, top))
    right.legend(loc="upper left", fontsize=9)
