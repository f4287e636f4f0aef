"""Figure: the entropy of the minimisers when a tail is split into more and more classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.entropy import entropy
from focalbook.theory.minimizer import minimizer, multiplier
from focalbook.theory.penalty import penalised_minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Equal heads over a tail of equal classes.

    Attributes
    ----------
    heads : int
    share : float
        Mass of the tail.
    gammas : tuple of float, length G
    parts : ndarray, shape (n,)
        Number of classes in the tail.
    focal, penalised : ndarray, shape (G, n)
        Entropy of the minimiser minus that of the truth, nats.
    multiplier : ndarray, shape (G, n)
        lambda of the focal-entropy.
    """

    heads: int
    share: float
    gammas: tuple[float, ...]
    parts: NDArray[np.int64]
    focal: NDArray[np.float64]
    penalised: NDArray[np.float64]
    multiplier: NDArray[np.float64]


def data(
    heads: int = 7,
    share: float = 0.3,
    gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0),
    counts: Sequence[int] = (1, 2, 4, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000),
) -> Data:
    """Compute both entropies for each number of tail classes."""
    rows = []
    for count in counts:
        p = np.concatenate([np.full(heads, (1.0 - share) / heads), np.full(count, share / count)])
        for gamma in gammas:
            models = minimizer(p, gamma), penalised_minimizer(p, gamma)
            rows.append([*(float(entropy(q) - entropy(p)) for q in models), float(multiplier(p, gamma))])
    table = np.array(rows).reshape(len(counts), len(gammas), 3).transpose(2, 1, 0)
    return Data(heads, share, tuple(gammas), np.array(counts), *table)


def draw(data: Data, axes: Any) -> None:
    """Draw the change under the focal-entropy on the first axes, under its lower bound on the second."""
    styles = ("-", "--", "-.", ":")
    for ax, curves in zip(axes, (data.focal, data.penalised), strict=True):
        for k, (gamma, colour) in enumerate(zip(data.gammas, gamma_colors(data.gammas), strict=True)):
            ax.plot(data.parts, curves[k], color=colour, ls=styles[k % 4], label=f"γ = {gamma:g}")
        ax.axhline(0.0, color="C5", lw=1.0)
        ax.set(xscale="log", xlabel="classes in the tail")
    axes[0].set(ylabel="H(model) - H(P), nats", title="minimiser of the focal-entropy")
    axes[1].set_title("minimiser of the bound")
    axes[0].legend(loc="lower left", fontsize=9)
