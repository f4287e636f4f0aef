"""Figure: the focal Bayes risk of three classes, as level lines on the triangle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from focalbook.figures.simplex_flow import outline, to_plane
from focalbook.theory.minimizer import bayes_risk

__all__ = ["LEVELS", "Data", "data", "draw"]

LEVELS = (0.4, 0.6, 0.8, 0.95)


@dataclass(frozen=True)
class Data:
    """Risks on a grid of the triangle.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters, G of them.
    p : ndarray, shape (n, 3)
        Distributions on a regular grid, the edges included.
    share : ndarray, shape (G, n)
        Risk as a share of the largest one, that of equal masses.
    largest : ndarray, shape (G,)
        The largest risk in nats.
    """

    gammas: tuple[float, ...]
    p: NDArray[np.float64]
    share: NDArray[np.float64]
    largest: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.0, 2.0, 10.0), cells: int = 60) -> Data:
    """Compute the risks.

    Parameters
    ----------
    gammas
        Focusing parameters, each at least 0.
    cells
        The masses are multiples of 1/cells.
    """
    i, j = np.meshgrid(np.arange(cells + 1), np.arange(cells + 1), indexing="ij")
    inside = i + j <= cells
    p = np.stack([i[inside], j[inside], (cells - i - j)[inside]], axis=-1) / cells
    risk = np.stack([bayes_risk(p, g) for g in gammas])
    largest = np.array([bayes_risk(np.full(3, 1.0 / 3.0), g) for g in gammas])
    return Data(tuple(gammas), p, risk / largest[:, None], largest)


def draw(data: Data, axes: Any) -> None:
    """Draw one triangle for each gamma, with level lines at shares of the largest risk."""
    x, y = to_plane(data.p).T
    for ax, gamma, share, largest in zip(np.ravel(axes), data.gammas, data.share, data.largest, strict=True):
        outline(ax, ("1", "2", "3"))
        ax.tricontour(x, y, share, levels=LEVELS, colors="C0", linewidths=1.3)
        page = {"facecolor": mpl.rcParams["legend.facecolor"], "edgecolor": "none", "pad": 0.6}
        for level, place in zip(LEVELS, _towards_corner(gamma), strict=True):
            name = f"{100 * level:.0f} %"
            ax.text(*to_plane(place), name, fontsize=7, ha="center", va="center", color="C0", bbox=page)
        ax.plot(*to_plane(np.full(3, 1.0 / 3.0)), "o", color="C1", ms=5)
        ax.set_title(f"γ = {gamma:g}, max {largest:.2g} nats", fontsize=9.5)


def _towards_corner(gamma: float) -> NDArray[np.float64]:
    """Where the path from the centre to the third corner crosses the levels, shape (levels, 3)."""
    top = np.linspace(1.0 / 3.0, 1.0, 600)
    path = np.stack([0.5 * (1.0 - top), 0.5 * (1.0 - top), top], axis=-1)
    share = bayes_risk(path, gamma) / bayes_risk(path[0], gamma)
    crossed = np.interp(-np.asarray(LEVELS), -share, top)
    return np.stack([0.5 * (1.0 - crossed), 0.5 * (1.0 - crossed), crossed], axis=-1)
