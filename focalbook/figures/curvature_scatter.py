"""Figure: a curvature against a measure of calibration, run by run, coloured by gamma."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from focalbook.campaigns.curvature_study import Cell
from focalbook.figures.panels import used
from focalbook.figures.style import gamma_colors

__all__ = ["Data", "data", "draw"]

MARKERS = ("o", "s", "^", "v", "D", "P", "X")


@dataclass(frozen=True)
class Data:
    """Points of each cell.

    Attributes
    ----------
    names : tuple of str
    gammas : tuple of tuple of float
    x, y : tuple of ndarray, shape (seeds, gammas)
        Curvature, and the outcome in per cent; NaN where there is no run.
    labels : tuple of str
        Of the two axes.
    """

    names: tuple[str, ...]
    gammas: tuple[tuple[float, ...], ...]
    x: tuple[NDArray[np.float64], ...]
    y: tuple[NDArray[np.float64], ...]
    labels: tuple[str, str]


def data(cells: Sequence[Cell], curvature: str, outcome: str, labels: tuple[str, str]) -> Data:
    """Collect two quantities of :func:`focalbook.campaigns.curvature_study.value_of` of every run."""
    return Data(
        tuple(c.name for c in cells),
        tuple(c.gammas for c in cells),
        tuple(c.table(curvature) for c in cells),
        tuple(100 * c.table(outcome) for c in cells),
        labels,
    )


def draw(data: Data, axes: Any) -> None:
    """One panel a cell; lines join the runs of a seed in the order of gamma, markers tell seeds apart."""
    panels = zip(used(axes, len(data.names)), data.names, data.gammas, data.x, data.y, strict=True)
    for ax, name, gammas, x, y in panels:
        colours = gamma_colors(gammas)
        for s, (a, b) in enumerate(zip(x, y, strict=True)):
            ax.plot(a, b, color="0.5", lw=0.7, zorder=1)
            for k, colour in enumerate(colours):
                ax.plot(a[k], b[k], MARKERS[s % len(MARKERS)], color=colour, ms=6, zorder=2)
        for gamma, colour in zip(gammas, colours, strict=True):
            ax.plot([], [], "o", color=colour, label=f"γ = {gamma:g}")
        ax.set(title=name, xlabel=data.labels[0])
        ax.title.set_fontsize(10)
        ax.xaxis.set_major_locator(MaxNLocator(5))
        if np.nanmin(y) < 0 < np.nanmax(y):
            ax.axhline(0.0, color="0.5", lw=0.8)
        ax.legend(fontsize=7, labelspacing=0.2, handletextpad=0.2)
    np.ravel(axes)[0].set_ylabel(data.labels[1])
