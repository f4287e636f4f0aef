"""Figure: how the multiplier is found, first as a level that every class must reach, then as a root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.loss import focal_slope, inverse_slope
from focalbook.theory.minimizer import minimizer, multiplier

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """One distribution with its minimiser.

    Attributes
    ----------
    p, q : ndarray, shape (k,)
        P and its minimiser.
    multiplier : float
        lambda.
    grid : ndarray, shape (n,)
        Probabilities in (0, 1).
    weighted : ndarray, shape (k, n)
        p_i phi(q) on the grid.
    levels, sums : ndarray, shape (n,)
        Trial values of lambda and the sum of phi^-1(lambda / p_i).
    """

    p: NDArray[np.float64]
    q: NDArray[np.float64]
    multiplier: float
    grid: NDArray[np.float64]
    weighted: NDArray[np.float64]
    levels: NDArray[np.float64]
    sums: NDArray[np.float64]


def data(p: Sequence[float] = (0.6, 0.3, 0.1), gamma: float = 2.0, points: int = 400) -> Data:
    """Compute the curves.

    Parameters
    ----------
    p
        Masses above 0 that sum to one, two classes or more.
    gamma
        Focusing parameter, above 0.
    points
        Points of each curve.
    """
    masses = np.asarray(p, dtype=float)
    level = float(multiplier(masses, gamma))
    grid = np.linspace(0.004, 0.996, points)
    levels = level * np.geomspace(0.02, 20.0, points)
    sums = inverse_slope(levels[:, None] / masses, gamma).sum(axis=-1)
    weighted = masses[:, None] * focal_slope(grid, gamma)
    return Data(masses, minimizer(masses, gamma), level, grid, weighted, levels, sums)


def draw(data: Data, axes: Any) -> None:
    """Draw the curves p_i phi(q) with the level lambda, and the sum against trial values of it."""
    curves, root = axes
    for i, (p, q, values) in enumerate(zip(data.p, data.q, data.weighted, strict=True)):
        curves.plot(data.grid, values, color=f"C{i}", label=f"$p_{i + 1}$ = {p:g}")
        curves.plot([q, q], [data.multiplier * 1e-3, data.multiplier], color=f"C{i}", linewidth=1.0, ls=":")
        curves.plot(q, data.multiplier, "o", color=f"C{i}", markersize=6)
    curves.axhline(data.multiplier, color="C5", linewidth=1.2, linestyle="--")
    curves.annotate("λ", (0.97, data.multiplier), xytext=(0, 4), textcoords="offset points")
    low, high = data.multiplier / 12.0, data.multiplier * 12.0
    curves.set(yscale="log", ylim=(low, high), xlim=(0, 1), xlabel="q", ylabel="$p_i\\,\\varphi(q)$")
    curves.legend(loc="upper right", title="class")
    root.plot(data.levels, data.sums, color="C0")
    root.axhline(1.0, color="C5", linewidth=1.2, linestyle="--")
    root.plot(data.multiplier, 1.0, "o", color="C1", markersize=7)
    root.set(xscale="log", xlabel="trial value of λ", ylim=(0, None))
    root.set_ylabel("$\\sum_i\\,\\varphi^{-1}(\\lambda/p_i)$")
    root.annotate("the multiplier", (data.multiplier, 1.0), xytext=(10, 10), textcoords="offset points")
