"""Figure: curvature over that of the cross-entropy network of the same seed, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.ticker import FuncFormatter, NullFormatter

from focalbook.calibration import Estimate
from focalbook.campaigns.curvature_prose import CURVATURES
from focalbook.campaigns.curvature_study import Cell, ratios
from focalbook.figures.curvature_curves import error_bars
from focalbook.figures.panels import gamma_axis, used

__all__ = ["Data", "data", "draw"]

STYLES = {
    "cross-entropy, top": ("C1", "^", "--"),
    "cross-entropy, trace": ("C1", "s", "-"),
    "training loss, top": ("C0", "v", "--"),
    "training loss, trace": ("C0", "o", "-"),
}
_TICKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 3, 5, 10)


@dataclass(frozen=True)
class Data:
    """Paired ratios, for each cell.

    Attributes
    ----------
    names : tuple of str
    gammas : tuple of tuple of float
    ratios : tuple of dict of list of Estimate
        By the names of :data:`focalbook.campaigns.curvature_prose.CURVATURES`.
    """

    names: tuple[str, ...]
    gammas: tuple[tuple[float, ...], ...]
    ratios: tuple[dict[str, list[Estimate]], ...]


def data(cells: Sequence[Cell]) -> Data:
    """Collect the ratios of cells."""
    return Data(
        tuple(c.name for c in cells),
        tuple(c.gammas for c in cells),
        tuple({name: ratios(c, metric) for name, metric in CURVATURES.items()} for c in cells),
    )


def draw(data: Data, axes: Any) -> None:
    """One panel for each cell, on a logarithmic scale; the grey line is no change."""
    for ax, name, gammas, found in zip(
        used(axes, len(data.names)), data.names, data.gammas, data.ratios, strict=True
    ):
        for k, (which, (colour, marker, line)) in enumerate(STYLES.items()):
            x = np.log1p(gammas) + 0.02 * (k - 1.5)
            error_bars(ax, x, found[which], color=colour, marker=marker, ls=line, label=which)
        ax.axhline(1.0, color="0.5", lw=0.8)
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())
        low, high = ax.get_ylim()
        fine = high / low < 2.0
        ax.set_yticks([v for v in _TICKS if low <= v <= high and (fine or v not in (0.8, 0.9, 1.1, 1.2))])
        gamma_axis(ax, gammas)
        ax.set_title(name, fontsize=10)
    flat = np.ravel(axes)
    flat[0].set_ylabel("over γ = 0, same seed")
    flat[0].legend(fontsize=8)
