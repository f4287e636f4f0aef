"""Figure: the divergence over the parabola of the Fisher information, for smooth families and exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.information import kl_gaussian, kl_laplace, kl_poisson, kl_softmax

__all__ = ["NAMES", "Data", "data", "draw"]

NAMES = ("Gaussian variance", "Poisson mean", "Laplace location", "kinked Bernoulli", "uniform")


@dataclass(frozen=True)
class Data:
    """Distance of the divergence from its parabola.

    Attributes
    ----------
    step : ndarray, shape (n,)
        Steps d > 0 of the parameter.
    off : ndarray, shape (families, n)
        |KL(θ‖θ+d) - d²F/2| in nats, with θ = 1 (variance, mean), 0 (location, Bernoulli). For the uniform
        family KL(θ-d‖θ), the finite one, with the second moment of the formal score for F.
    order : ndarray, shape (families,)
        Slope of log(off) against log(d) at the small end.
    """

    step: NDArray[np.float64]
    off: NDArray[np.float64]
    order: NDArray[np.float64]


def data(points: int = 60) -> Data:
    """Compute the distances at `points` steps from 1e-4 to 0.1."""
    d = np.logspace(-4, -1, points)
    mean = 0.5 + d + d**1.5
    odds = np.log(mean / (1 - mean))
    coin = kl_softmax(np.zeros(2), np.stack([odds, 0 * odds], axis=-1))[0]
    off = np.abs(
        np.stack(
            [
                kl_gaussian(1.0, np.stack([0 * d, d], axis=-1))[0] - d**2 / 4,
                kl_poisson(1.0, d)[0] - d**2 / 2,
                kl_laplace(d) - d**2 / 2,
                coin - 2 * d**2,
                -np.log1p(-d) - d**2 / 2,
            ]
        )
    )
    order = np.log(off[:, 6] / off[:, 0]) / np.log(d[6] / d[0])
    return Data(d, off, order)


def draw(data: Data, ax: Any) -> None:
    """Draw one line for each family; its slope is the order of the remainder."""
    styles = ("-", "--", "-.", (0, (5, 1, 1, 1, 1, 1)), ":")
    for k, name in enumerate(NAMES):
        ax.loglog(
            data.step, data.off[k], color=f"C{k}", ls=styles[k], label=f"{name}: order {data.order[k]:.2f}"
        )
    ax.set(xlabel="step of the parameter, d", ylabel="|KL − d²F/2|, nats", xlim=(data.step[0], data.step[-1]))
    ax.legend(fontsize=9, loc="lower right")
