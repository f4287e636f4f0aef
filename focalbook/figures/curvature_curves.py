"""Figure: largest eigenvalue and trace of the Hessian against gamma, for both losses at the same weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from focalbook.calibration import Estimate
from focalbook.campaigns.curvature_study import CROSS_ENTROPY, TRAINING_LOSS, Cell, curve
from focalbook.figures.panels import gamma_axis

__all__ = ["Data", "data", "draw", "error_bars"]

QUANTITIES = {"top": "largest eigenvalue", "trace": "trace"}
LOSSES = {"training loss": (TRAINING_LOSS, "C0", "o"), "cross-entropy": (CROSS_ENTROPY, "C1", "s")}


@dataclass(frozen=True)
class Data:
    """Curves over gamma.

    Attributes
    ----------
    name : str
        Of the cell.
    gammas : tuple of float
    curves : dict of list of Estimate
        By quantity and loss: means over seeds.
    runs : dict of ndarray, shape (seeds, gammas)
        The single runs.
    """

    name: str
    gammas: tuple[float, ...]
    curves: dict[tuple[str, str], list[Estimate]]
    runs: dict[tuple[str, str], Any]


def data(cell: Cell) -> Data:
    """Collect the curves of a cell."""
    names = {(q, loss): f"{LOSSES[loss][0]} {q}" for q in QUANTITIES for loss in LOSSES}
    return Data(
        cell.name,
        cell.gammas,
        {key: curve(cell, name) for key, name in names.items()},
        {key: cell.table(name) for key, name in names.items()},
    )


def error_bars(ax: Any, x: Any, estimates: list[Estimate], **style: Any) -> None:
    """Means with their intervals, joined by a line; without bars where there is no interval."""
    value, low, high = (np.array([getattr(e, part) for e in estimates]) for part in ("value", "low", "high"))
    ends = np.nan_to_num(np.stack([value - low, high - value]))
    ax.errorbar(x, value, yerr=ends, capsize=2.5, ms=5, lw=1.3, **style)


def draw(data: Data, axes: Any) -> None:
    """One panel for each quantity: means with intervals, single runs as thin lines."""
    x = np.log1p(data.gammas)
    for ax, (quantity, title) in zip(axes, QUANTITIES.items(), strict=True):
        for k, (loss, (_, colour, marker)) in enumerate(LOSSES.items()):
            ax.plot(x, data.runs[quantity, loss].T, color=colour, lw=0.6, alpha=0.6)
            shifted = x + 0.02 * (2 * k - 1)
            error_bars(
                ax, shifted, data.curves[quantity, loss], color=colour, marker=marker, ls="-", label=loss
            )
        gamma_axis(ax, data.gammas)
        ax.set(ylabel=title, ylim=(0, None))
    axes[0].legend(loc="lower left")
