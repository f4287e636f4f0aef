"""Figure: training loss over cross-entropy at the same weights, measured and predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.curvature_study import Cell, value_of
from focalbook.campaigns.rescaling import rescaling
from focalbook.figures.panels import gamma_axis, used

__all__ = ["Data", "Panel", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """A point for each run with gamma > 0.

    Attributes
    ----------
    name : str
    gamma, trace, top, low, high : ndarray, shape (runs,)
        Measured ratios of traces and of largest eigenvalues, and the two ends of the prediction for traces.
    """

    name: str
    gamma: Float
    trace: Float
    top: Float
    low: Float
    high: Float


@dataclass(frozen=True)
class Data:
    """One panel a cell."""

    panels: tuple[Panel, ...]


def _panel(cell: Cell) -> Panel:
    runs = [r for r in cell.records if r.configuration["gamma"] > 0]
    ends = [rescaling(r) for r in runs]
    columns = [[value_of(r, name) for r in runs] for name in ("gamma", "trace ratio", "top ratio")]
    columns += [[e.low for e in ends], [e.high for e in ends]]
    return Panel(cell.name, *(np.array(c, dtype=float) for c in columns))


def data(cells: Sequence[Cell]) -> Data:
    """Collect measured and predicted ratios of cells."""
    return Data(tuple(_panel(cell) for cell in cells))


def draw(data: Data, axes: Any) -> None:
    """Runs side by side at each gamma: a bar from end to end of the prediction, marks for measurements."""
    for ax, panel in zip(used(axes, len(data.panels)), data.panels, strict=True):
        gammas = sorted(set(panel.gamma.tolist()))
        for gamma in gammas:
            mine = np.flatnonzero(panel.gamma == gamma)
            x = np.log1p(gamma) + 0.05 * (np.arange(len(mine)) - (len(mine) - 1) / 2)
            ax.vlines(x, panel.low[mine], panel.high[mine], color="C5", lw=6, alpha=0.35)
            ax.plot(x, panel.trace[mine], "o", color="C0", ms=5)
            ax.plot(x, panel.top[mine], "x", color="C3", ms=5)
        ax.plot([], [], color="C5", lw=6, alpha=0.35, label="trace, predicted")
        ax.plot([], [], "o", color="C0", label="trace, measured")
        ax.plot([], [], "x", color="C3", label="top, measured")
        ax.axhline(1.0, color="0.5", lw=0.8)
        if gammas:
            gamma_axis(ax, gammas)
        ax.set_title(panel.name, fontsize=10)
        ax.set_ylim(0, None)
    np.ravel(axes)[0].set_ylabel("training loss over cross-entropy")
    np.ravel(axes)[0].legend(fontsize=8, loc="lower left")
