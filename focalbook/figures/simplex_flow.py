"""Figure: where the minimiser moves a distribution on three classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.minimizer import minimizer

__all__ = ["CORNERS", "Data", "data", "draw", "outline", "to_plane"]

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])


@dataclass(frozen=True)
class Data:
    """Distributions on three classes and their minimisers.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters, G of them.
    p : ndarray, shape (n, 3)
        Distributions on a regular grid inside the triangle.
    q : ndarray, shape (G, n, 3)
        Their minimisers.
    """

    gammas: tuple[float, ...]
    p: NDArray[np.float64]
    q: NDArray[np.float64]


def to_plane(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn distributions (..., 3) into points (..., 2) of the triangle with the corners `CORNERS`."""
    return p @ CORNERS


def outline(ax: Any, labels: Sequence[str] = ("class 1", "class 2", "class 3")) -> None:
    """Draw the triangle of all distributions and name its corners, where one class has all the mass."""
    ax.plot(*CORNERS[[0, 1, 2, 0]].T, color="C5", linewidth=1.2)
    places = ((0, -12, "center"), (0, -12, "center"), (0, 6, "center"))
    for label, corner, (x, y, side) in zip(labels, CORNERS, places, strict=True):
        ax.annotate(label, corner, xytext=(x, y), textcoords="offset points", ha=side, fontsize=9)
    ax.set(aspect="equal", xlim=(-0.08, 1.08), ylim=(-0.12, 0.98))
    ax.axis("off")


def data(gammas: Sequence[float] = (0.5, 3.0), cells: int = 14) -> Data:
    """Compute the minimisers on a grid.

    Parameters
    ----------
    gammas
        Focusing parameters, each at least 0.
    cells
        The masses are multiples of 1/cells, shifted inwards so that none is zero.
    """
    i, j = np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij")
    inside = i + j < cells
    counts = np.stack([i[inside], j[inside], (cells - 1 - i - j)[inside]], axis=-1)
    p = (counts + 1.0 / 3.0) / cells
    q = minimizer(np.broadcast_to(p, (len(gammas), *p.shape)), np.asarray(gammas)[:, None] + np.zeros(len(p)))
    return Data(tuple(gammas), p, q)


def draw(data: Data, axes: Any) -> None:
    """Draw one triangle for each gamma: a dot at P and an arrow to Q*."""
    start = to_plane(data.p)
    for ax, gamma, q in zip(np.ravel(axes), data.gammas, data.q, strict=True):
        outline(ax)
        move = to_plane(q) - start
        ax.plot(*start.T, ".", color="C5", markersize=2.5)
        ax.quiver(
            *start.T, *move.T, color="C0", angles="xy", scale_units="xy", scale=1, width=0.005, headwidth=4.5
        )
        ax.plot(*to_plane(np.full(3, 1.0 / 3.0)), "o", color="C1", markersize=5)
        ax.set_title(f"γ = {gamma:g}")
