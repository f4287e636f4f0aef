"""Figure: error of each measured curvature beside the spread between seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.curvature_prose import CURVATURES
from focalbook.campaigns.curvature_study import Cell
from focalbook.figures.curvature_ratios import STYLES

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Relative errors and spreads, a point for each cell, gamma and curvature with two runs at least.

    Attributes
    ----------
    error : dict of ndarray
        Largest relative half-width of the estimator's interval over the runs, by curvature.
    spread : dict of ndarray
        Standard deviation over seeds, over the mean.
    """

    error: dict[str, Float]
    spread: dict[str, Float]


def data(cells: Sequence[Cell]) -> Data:
    """Collect the errors of the estimators and the spreads over seeds."""
    error: dict[str, Float] = {}
    spread: dict[str, Float] = {}
    for name, metric in CURVATURES.items():
        points = []
        for cell in cells:
            for gamma in cell.gammas:
                runs = [r.metrics[metric] for r in cell.records if r.configuration["gamma"] == gamma]
                if len(runs) < 2:
                    continue
                values = np.array([m.value for m in runs])
                widest = max((m.high - m.low) / 2 / abs(m.value) for m in runs)
                points.append((widest, values.std(ddof=1) / abs(values.mean())))
        table = np.array(points, dtype=float).reshape(-1, 2)
        error[name], spread[name] = table[:, 0], table[:, 1]
    return Data(error, spread)


def draw(data: Data, ax: Any) -> None:
    """A point below the grey line has an estimator that is finer than the spread between seeds."""
    floor = 1e-9
    for name, (colour, marker, _) in STYLES.items():
        y = np.maximum(data.error[name], floor)
        ax.plot(data.spread[name], y, marker, color=colour, ms=5, label=name, alpha=0.8)
    line = np.geomspace(5e-3, 1.0, 2)
    ax.plot(line, line, color="0.5", lw=0.8)
    ax.set(xscale="log", yscale="log", xlabel="relative spread between seeds", ylim=(floor / 3, 2))
    ax.set_ylabel("relative error of the estimate")
    ax.set_yticks([floor, 1e-7, 1e-5, 1e-3, 1e-1], ["none", "1e-7", "1e-5", "0.001", "0.1"])
    ax.legend(fontsize=8)
