"""Figure: what each report costs under each truth, by plain focal loss and by the proper focal score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from numpy.typing import NDArray

from focalbook.theory.loss import focal_loss
from focalbook.theory.scores import proper_score

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Mean penalties on a grid of truths and reports, two classes.

    Attributes
    ----------
    gamma : float
    p : ndarray, shape (n,)
        Probabilities of the first class: truths and reports alike.
    plain, proper : ndarray, shape (n, n)
        Mean penalty above the cheapest report on the grid; rows are reports, columns truths.
    cheapest : ndarray, shape (2, n)
        Cheapest report on the grid for each truth: by the plain loss, by the proper score.
    """

    gamma: float
    p: NDArray[np.float64]
    plain: NDArray[np.float64]
    proper: NDArray[np.float64]
    cheapest: NDArray[np.float64]


def data(gamma: float = 2.0, cells: int = 160) -> Data:
    """Compute the mean penalty of every report under every truth.

    Parameters
    ----------
    gamma
        Focusing parameter.
    cells
        The grid is 0.5/cells, 1.5/cells, ... .
    """
    p = (np.arange(cells) + 0.5) / cells
    pairs = np.stack([p, 1.0 - p], axis=-1)
    costs = [penalty @ pairs.T for penalty in (focal_loss(pairs, gamma), proper_score(pairs, gamma))]
    cheapest = np.stack([p[cost.argmin(axis=0)] for cost in costs])
    plain, proper = (cost - cost.min(axis=0) for cost in costs)
    return Data(gamma, p, plain, proper, cheapest)


def draw(data: Data, axes: Any) -> None:
    """Draw the two maps, with the cheapest report for each truth as a line."""
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    colours = LinearSegmentedColormap.from_list("cost", ["#f7f7f7", cycle[0]])
    norm = LogNorm(1e-4, 1.0)
    for ax, cost, best, title in zip(
        axes,
        (data.plain, data.proper),
        data.cheapest,
        ("plain focal loss", "proper focal score"),
        strict=True,
    ):
        image = ax.pcolormesh(
            data.p,
            data.p,
            np.maximum(cost, 1e-4),
            norm=norm,
            cmap=colours,
            shading="nearest",
            rasterized=True,
        )
        ax.plot((0, 1), (0, 1), color="#1f2328", ls="--", lw=1.2, label="the truth")
        ax.plot(data.p, best, color="#c2500a", lw=2.2, label="cheapest report")
        ax.set(xlabel="truth", xlim=(0, 1), ylim=(0, 1), aspect="equal", title=f"{title}, γ = {data.gamma:g}")
        ax.grid(visible=False)
    axes[0].set_ylabel("report")
    legend = axes[0].legend(loc="upper left", fontsize=8.5, facecolor="#ffffff")
    for text in legend.get_texts():
        text.set_color("#1f2328")
    bar = axes[1].figure.colorbar(image, ax=axes, extend="both", shrink=0.85)
    bar.set_label("cost above the cheapest, nats")
