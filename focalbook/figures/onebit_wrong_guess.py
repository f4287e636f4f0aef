"""Figure: efficiency of thresholds that were chosen for a wrong guess of mean and standard deviation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.threshold_designs import menu, region
from focalbook.onebit import Gaussian, design

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Efficiencies for both parameters (D), the guess being mean 0 and standard deviation 1.

    Attributes
    ----------
    a, s : ndarray, shapes (n,) and (m,)
        True values.
    guess, robust : ndarray, shape (m, n)
        Efficiency of the design that is best for the guess, and of the one best in the worst case over
        `corners`.
    corners : ndarray, shape (k, 2)
        Parameters that the robust design protects.
    worst : float
        Its smallest efficiency there.
    bound : float
        No design has a smallest efficiency above `worst / bound`, over the thresholds on offer.
    """

    a: NDArray[np.float64]
    s: NDArray[np.float64]
    guess: NDArray[np.float64]
    robust: NDArray[np.float64]
    corners: NDArray[np.float64]
    worst: float
    bound: float


def data(points: int = 81) -> Data:
    """Compute both maps.

    Parameters
    ----------
    points
        True values of each parameter, at least 2.

    Raises
    ------
    ValueError
        Too few points.
    """
    if points < 2:
        raise ValueError(f"points must be at least 2, got {points}.")
    a, s = np.linspace(-4, 4, points), np.logspace(-1, 1, points)
    one = design.gaussian([0.0, 1.0])
    robust, reached = design.worst_case(menu(), region())
    maps = []
    z = one.predictors()
    for tau, weights in ((-z, one.weights), (menu().tau, robust.weights)):
        used = weights > 1e-6
        maps.append(_efficiency(Gaussian(1.0, tau[used]), weights[used], a, s, one.value))
    bound = robust.efficiency_bound
    return Data(a, s, maps[0], maps[1], region(), float(reached.min()), bound)


def _efficiency(
    model: Gaussian, weights: NDArray[np.float64], a: NDArray[np.float64], s: NDArray[np.float64], best: float
) -> NDArray[np.float64]:
    """det(J)^(1/2) of a design relative to the best one, whose value is best s^2, shape (m, n)."""
    grid = np.stack(np.meshgrid(a, s), axis=-1).reshape(-1, 2)
    f = design.factors(model, grid)
    determinant = np.linalg.det(np.swapaxes(f * weights[:, None], -1, -2) @ f)
    root = np.sqrt(np.maximum(determinant, 0.0))  # rounding may take what is nearly singular below zero
    return (root * best * grid[:, 1] ** 2).reshape(s.size, a.size)


def draw(data: Data, axes: Any) -> None:
    """Draw contours of equal efficiency on two axes."""
    levels = [0.01, 0.1, 0.3, 0.5, 0.7, 0.9]
    for axis, values, title in zip(
        axes, (data.guess, data.robust), ("best for the guess", "best in the worst case"), strict=True
    ):
        lines = axis.contour(data.a, data.s, values, levels=levels, colors="C0", linewidths=1.3)
        axis.clabel(lines, fmt=lambda v: f"{100 * v:.0f} %", fontsize=8.5, inline_spacing=2)
        axis.plot([0.0], [1.0], "s", color="C1", ms=6)
        axis.set(xlabel="true mean a", yscale="log", ylim=(data.s[0], data.s[-1]), title=title)
    axes[1].plot(data.corners[:, 0], data.corners[:, 1], "x", color="C3", ms=6)
    axes[0].set_ylabel("true standard deviation s")
