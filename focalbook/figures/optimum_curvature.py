"""Figure: curvature at the population optimum, over that of the cross-entropy at its own optimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.curvature import certain_curvature_ratio, optimum_curvature_ratio

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """A map for two classes, and curves towards certainty for several numbers of classes.

    Attributes
    ----------
    p : ndarray, shape (n,)
        Probability of the more probable of two classes.
    rows : ndarray, shape (G,)
        Focusing parameters of the map.
    ratio : ndarray, shape (G, n)
        Optimum curvature ratio of two classes.
    e : ndarray, shape (m,)
        Mass of all classes but one.
    gammas : tuple of float
        Focusing parameters of the curves, C of them.
    classes : tuple of int
        Numbers of classes, the rare ones having equal masses.
    curves : ndarray, shape (C, classes, m)
        Optimum curvature ratio.
    limits : ndarray, shape (C, classes)
        Its limit for e -> 0.
    """

    p: NDArray[np.float64]
    rows: NDArray[np.float64]
    ratio: NDArray[np.float64]
    e: NDArray[np.float64]
    gammas: tuple[float, ...]
    classes: tuple[int, ...]
    curves: NDArray[np.float64]
    limits: NDArray[np.float64]


def data(
    gammas: Sequence[float] = (0.5, 1.0, 2.0), classes: Sequence[int] = (2, 10), points: int = 121
) -> Data:
    """Compute the map for p from 0.5 to 0.9999, gamma from 0.5 to 20, and the curves down to e = 1e-8."""
    p = 1.0 - np.geomspace(0.5, 1e-4, points)
    pairs, rows = np.stack([p, 1.0 - p], axis=1), np.geomspace(0.5, 20.0, 81)
    e = np.geomspace(0.5, 1e-8, points)
    curves = np.empty((len(gammas), len(classes), points))
    limits = np.empty((len(gammas), len(classes)))
    for k, count in enumerate(classes):
        rest = np.full(count - 1, 1.0 / (count - 1))
        table = np.concatenate([1.0 - e[:, None], e[:, None] * rest], axis=1)
        for j, gamma in enumerate(gammas):
            curves[j, k] = optimum_curvature_ratio(table, gamma)
            limits[j, k] = certain_curvature_ratio(rest, gamma)
    ratio = np.stack([optimum_curvature_ratio(pairs, g) for g in rows])
    return Data(p, rows, ratio, e, tuple(gammas), tuple(classes), curves, limits)


def draw(data: Data, axes: Any) -> None:
    """Draw the map on the first axes, the curves with their limits on the second."""
    left, right = axes
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    colours = LinearSegmentedColormap.from_list("ratio", [cycle[0], "#f4f4f4", cycle[1]])
    rare = 1.0 - data.p
    image = left.pcolormesh(
        rare, data.rows, np.clip(data.ratio, 0, 6), norm=TwoSlopeNorm(1.0, vmin=0.0, vmax=6.0), cmap=colours,
        shading="nearest", rasterized=True,
    )  # fmt: skip
    left.contour(rare, data.rows, data.ratio, levels=[1.0], colors="#1f2328", linewidths=1.4)
    left.set(xscale="log", yscale="log", xlabel="probability of the rarer class", ylabel="γ")
    left.set_xlim(0.5, 1e-4)
    left.set_yticks([0.5, 1, 2, 5, 10, 20], ["0.5", "1", "2", "5", "10", "20"])
    left.minorticks_off()
    left.grid(visible=False)
    left.text(0.03, 1.3, "raised", color="#1f2328", fontsize=9, ha="center")
    left.text(0.15, 11.0, "lowered", color="#1f2328", fontsize=9, ha="center")
    bar = left.figure.colorbar(image, ax=left, ticks=[0, 0.5, 1, 2, 4, 6])
    bar.ax.set_title("ratio", fontsize=9)
    for j, colour in enumerate(gamma_colors(data.gammas)):
        for k, style in zip(range(len(data.classes)), ("-", "--", "-."), strict=False):
            label = f"γ = {data.gammas[j]:g}" if k == 0 else None
            right.plot(data.e, data.curves[j, k], color=colour, ls=style, label=label)
            right.plot(data.e[-1], data.limits[j, k], ">", color=colour, ms=6, clip_on=False)
    right.axhline(1.0, color="0.5", lw=0.8)
    right.set(xscale="log", xlabel="mass of all rare classes, e", ylabel="ratio of traces")
    right.set_xlim(0.5, data.e[-1])
    right.set_ylim(0.9, 3.4)
    right.legend(loc="upper left", fontsize=9)
