"""Figure: the mean energy against beta, and its slope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.maxent import Interval, Levels

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Energies from 0 to 1.

    Attributes
    ----------
    beta : ndarray, shape (n,)
    names : tuple of str, length S
    mean, variance : ndarray, shape (S, n)
        Of each system.
    """

    beta: NDArray[np.float64]
    names: tuple[str, ...]
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]


def data(most: float = 25.0, weights: Sequence[float] = (1.0, 20.0, 3.0)) -> Data:
    """Compute mean and variance of an interval, two levels, and three levels with multiplicities."""
    beta = np.linspace(-most, most, 401)
    systems: dict[str, Interval | Levels] = {
        "interval": Interval(0.0, 1.0),
        "levels 0, 1": Levels([0.0, 1.0]),
        "levels 0, 0.3, 1 with\nmultiplicities " + ", ".join(f"{w:g}" for w in weights): Levels(
            [0.0, 0.3, 1.0], weights
        ),
    }
    mean = np.stack([system.mean(beta) for system in systems.values()])
    variance = np.stack([system.variance(beta) for system in systems.values()])
    return Data(beta, tuple(systems), mean, variance)


def draw(data: Data, axes: Any) -> None:
    """Draw the means on the first axes and the variances on the second."""
    for k, name in enumerate(data.names):
        for ax, curves in zip(axes, (data.mean, data.variance), strict=True):
            ax.plot(data.beta, curves[k], color=f"C{k}", ls=("-", "--", "-.")[k % 3], label=name)
    axes[0].set(xlabel="β", ylabel="mean energy", ylim=(-0.02, 1.02))
    axes[1].set(xlabel="β", ylabel="variance = minus the slope", ylim=(0, 1.5 * data.variance.max()))
    axes[1].legend(loc="upper right", fontsize=8.5)
