"""The focal loss and its gradient for several gamma: Figure 1 of ``kimura2024geometric``, computed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.loss import focal_loss, focal_slope

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Curves over the probability of the true class.

    Attributes
    ----------
    gammas : tuple of float
    q : ndarray, shape (n,)
        Probability given to the true class.
    loss : ndarray, shape (len(gammas), n)
        l(q) in nats.
    gradient : ndarray, shape (len(gammas), n)
        l'(q) = -phi(q) in nats.
    """

    gammas: tuple[float, ...]
    q: NDArray[np.float64]
    loss: NDArray[np.float64]
    gradient: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.0, 0.5, 1.0, 2.0, 5.0), points: int = 400) -> Data:
    """Compute the curves on a grid that is denser where the curves are steep.

    Parameters
    ----------
    gammas
        Focusing parameters, each at least 0.
    points
        Grid points between 0.005 and 1.

    Returns
    -------
    Data
    """
    q = 0.005 + 0.995 * np.linspace(0.0, 1.0, points) ** 2
    columns = np.asarray(gammas, dtype=float)[:, None]
    return Data(tuple(gammas), q, focal_loss(q, columns), -focal_slope(q, columns))


def draw(data: Data, axes: Any) -> None:
    """Draw the loss on the first and the gradient on the second of two axes."""
    for ax, curves in zip(axes, (data.loss, data.gradient), strict=True):
        for gamma, colour, curve in zip(data.gammas, gamma_colors(data.gammas), curves, strict=True):
            ax.plot(data.q, curve, color=colour, label=f"γ = {gamma:g}")
        ax.set_xlabel("probability of the true class, q")
        ax.set_xlim(0.0, 1.0)
    axes[0].set(title="loss l(q), nats", ylim=(0.0, 4.0))
    axes[1].set(title="gradient l′(q)", ylim=(-6.0, 0.2))
    axes[0].legend(loc="upper right")
