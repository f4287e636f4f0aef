"""Figure: from the score that a sigmoid output reports to the probability that stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.sigmoid import recover_sigmoid_logits

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Recovered probabilities.

    Attributes
    ----------
    score : ndarray, shape (n,)
        Reported scores.
    gammas : ndarray, shape (G,)
    alphas : tuple of float
    recovered : ndarray, shape (G, A, n)
        Posterior behind each score.
    """

    score: Float
    gammas: Float
    alphas: tuple[float, ...]
    recovered: Float


def data(gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0), alphas: Sequence[float] = (0.5, 0.25)) -> Data:
    """Recover scores from 1e-4 to 1 - 1e-4, evenly spaced in the log-odds."""
    logits = np.linspace(-9.21, 9.21, 400)
    found = [[recover_sigmoid_logits(logits, gamma, alpha) for alpha in alphas] for gamma in gammas]
    return Data(1 / (1 + np.exp(-logits)), np.asarray(gammas, dtype=float), tuple(alphas), np.array(found))


def draw(data: Data, axes: Any) -> None:
    """Draw the maps twice, on linear and on logarithmic axes; the second alpha dashed."""
    colors = gamma_colors(data.gammas.tolist())
    for ax in axes:
        ax.plot(data.score, data.score, color="C5", linewidth=1.0)
        for row, gamma, color in zip(data.recovered, data.gammas, colors, strict=True):
            for values, alpha, style in zip(row, data.alphas, ("-", "--", ":"), strict=False):
                label = f"γ = {gamma:g}" if alpha == data.alphas[0] else None
                ax.plot(data.score, values, style, color=color, label=label)
        ax.set_xlabel("reported score")
    axes[0].set(xlim=(0, 1), ylim=(0, 1), ylabel="probability behind it")
    axes[1].set(xscale="log", yscale="log", xlim=(1e-3, 1), ylim=(1e-8, 1))
    axes[0].legend(loc="upper left")
