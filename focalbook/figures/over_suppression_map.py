"""Figure: for which number of equal heads, and which gamma, a tail of rare classes is over-suppressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from numpy.typing import NDArray

from focalbook.theory.loss import gain_crossing
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """What becomes of the tail below equal heads.

    Attributes
    ----------
    heads : ndarray of int, shape (n,)
        Numbers of heads.
    gammas : ndarray, shape (G,)
        Focusing parameters.
    tail : float
        Mass of all rare classes together; the heads share the rest equally.
    rare : int
        Number of rare classes, all equal.
    ratio : ndarray, shape (G, n)
        q/p of a rare class.
    border : ndarray, shape (G,)
        Number of heads, not rounded, at which one head has mass p0: in the limit of infinitely many rare
        classes the tail is over-suppressed to the right of it.
    """

    heads: NDArray[np.int64]
    gammas: NDArray[np.float64]
    tail: float
    rare: int
    ratio: NDArray[np.float64]
    border: NDArray[np.float64]


def data(most: int = 24, tail: float = 0.05, rare: int = 400, rows: int = 61) -> Data:
    """Solve the grid.

    Parameters
    ----------
    most
        Largest number of heads.
    tail, rare
        Mass and number of the rare classes.
    rows
        Number of focusing parameters between 0.1 and 10.
    """
    heads = np.arange(1, most + 1)
    gammas = np.geomspace(0.1, 10.0, rows)
    p = np.where(np.arange(most) < heads[:, None], (1.0 - tail) / heads[:, None], 0.0)
    p = np.concatenate([p, np.full((most, rare), tail / rare)], axis=1)
    ratio = np.stack([minimizer(p, g)[:, -1] / p[:, -1] for g in gammas])
    return Data(heads, gammas, tail, rare, ratio, (1.0 - tail) / gain_crossing(gammas))


def draw(data: Data, ax: Any) -> None:
    """Draw q/p of the tail as colours, and the border between amplification and over-suppression."""
    change = 100.0 * (np.clip(data.ratio, 0.0, 3.0) - 1.0)
    norm = TwoSlopeNorm(0.0, vmin=-40.0, vmax=200.0)
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    colours = LinearSegmentedColormap.from_list("zones", [cycle[3], "#f4f4f4", cycle[0]])
    image = ax.pcolormesh(
        data.heads, data.gammas, change, norm=norm, cmap=colours, shading="nearest", rasterized=True
    )
    inside = data.border <= data.heads[-1] + 0.5
    ax.plot(data.border[inside], data.gammas[inside], color="#1f2328", linewidth=1.8, linestyle="--")
    ax.text(1.5, 0.13, "raised", color="#1f2328", rotation=90, ha="center", va="bottom", fontsize=9)
    ax.text(0.6 * data.heads[-1], 1.0, "over-suppressed", color="#1f2328", ha="center", fontsize=9)
    ax.set(yscale="log", xlabel="number of equal heads", ylabel="γ", xlim=(0.5, data.heads[-1] + 0.5))
    ax.set_yticks([0.1, 0.2, 0.5, 1, 2, 5, 10], ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
    ax.minorticks_off()
    ax.grid(visible=False)
    bar = ax.figure.colorbar(image, ax=ax, extend="max", ticks=[-40, -20, 0, 50, 100, 150, 200])
    bar.set_label("change of a rare class, %")
