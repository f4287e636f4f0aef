"""Figure: the focal-entropy as a function of the model, with its minimum and with the truth beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.simplex_flow import outline, to_plane
from focalbook.figures.style import gamma_colors
from focalbook.theory.entropy import focal_entropy
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """F(P, .) for two classes and for three.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters of the curves, G of them.
    p : float
        Mass of the first of two classes.
    q : ndarray, shape (n,)
        What a model gives to it.
    value : ndarray, shape (G, n)
        F(P, Q) in nats.
    lowest, least : ndarray, shape (G,)
        Place and value of the minimum.
    truth : ndarray, shape (3,)
        P on three classes, for `gamma3`.
    minimiser : ndarray, shape (3,)
        Its minimiser.
    models : ndarray, shape (m, 3)
        Distributions on a grid in the triangle.
    height : ndarray, shape (m,)
        F(truth, models) in nats.
    gamma3 : float
        Focusing parameter of the triangle.
    """

    gammas: tuple[float, ...]
    p: float
    q: NDArray[np.float64]
    value: NDArray[np.float64]
    lowest: NDArray[np.float64]
    least: NDArray[np.float64]
    truth: NDArray[np.float64]
    minimiser: NDArray[np.float64]
    models: NDArray[np.float64]
    height: NDArray[np.float64]
    gamma3: float


def data(
    gammas: Sequence[float] = (0.0, 1.0, 2.0, 5.0),
    p: float = 0.9,
    truth: Sequence[float] = (0.8, 0.15, 0.05),
    gamma3: float = 2.0,
    points: int = 400,
    cells: int = 60,
) -> Data:
    """Compute curves and triangle.

    Parameters
    ----------
    gammas, gamma3
        Focusing parameters of the curves and of the triangle.
    p, truth
        The two distributions, of two and of three classes.
    points, cells
        Resolution of the curves and of the triangle.
    """
    q = np.linspace(0.02, 0.998, points)
    two = np.array([p, 1.0 - p])
    models2 = np.stack([q, 1.0 - q], axis=-1)
    value = np.stack([focal_entropy(np.broadcast_to(two, models2.shape), models2, g) for g in gammas])
    best = minimizer(np.broadcast_to(two, (len(gammas), 2)), np.asarray(gammas))
    least = focal_entropy(np.broadcast_to(two, best.shape), best, np.asarray(gammas))
    i, j = np.meshgrid(np.arange(1, cells), np.arange(1, cells), indexing="ij")
    inside = i + j < cells
    models = np.stack([i[inside], j[inside], (cells - i - j)[inside]], axis=-1) / cells
    true3 = np.asarray(truth, dtype=float)
    height = focal_entropy(np.broadcast_to(true3, models.shape), models, gamma3)
    return Data(
        tuple(gammas), p, q, value, best[:, 0], least, true3, minimizer(true3, gamma3), models, height, gamma3
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the curves of two classes on the first axes and the level lines of three on the second."""
    curves, triangle = axes
    curves.axvline(data.p, color="C5", linestyle="--", linewidth=1.2)
    for gamma, colour, value, place, least in zip(
        data.gammas, gamma_colors(data.gammas), data.value, data.lowest, data.least, strict=True
    ):
        curves.plot(data.q, value, color=colour, label=f"γ = {gamma:g}")
        curves.plot(place, least, "o", color=colour, markersize=6)
    curves.annotate("P", (data.p, 1.0), xytext=(-10, -4), textcoords="offset points")
    curves.set(xlabel="q given to the first class", ylabel="F(P, Q) in nats", ylim=(0, 1.05), xlim=(0, 1))
    curves.legend(loc="upper right", bbox_to_anchor=(0.86, 1.0))
    outline(triangle)
    x, y = to_plane(data.models).T
    low = data.height.min()
    levels = low + (data.height.max() - low) * np.linspace(0.02, 1.0, 13) ** 2.5
    triangle.tricontour(x, y, data.height, levels=levels, colors="C5", linewidths=0.8)
    for point, name, ink in ((data.truth, "P", "C1"), (data.minimiser, "Q*", "C0")):
        at = to_plane(point)
        triangle.plot(*at, "o", color=ink, markersize=7)
        triangle.annotate(name, at, xytext=(7, 5), textcoords="offset points", color=ink, weight="bold")
    triangle.set_title(f"γ = {data.gamma3:g}")
