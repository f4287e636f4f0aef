"""Figure: reliability of stored networks as they are, a curve for each gamma, one panel for each cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.plan import Plan
from focalbook.figures.recovery_changes import empty
from focalbook.figures.recovery_reliability import binned
from focalbook.figures.style import gamma_colors
from focalbook.store import Record

__all__ = ["Data", "data", "draw"]

#: Bins with fewer images than this are not drawn.
LEAST = 30


@dataclass(frozen=True)
class Data:
    """Reliability curves, seeds pooled.

    Attributes
    ----------
    cells : tuple of str
    gammas : tuple of float
    count, confidence, accuracy : arrays, shape (cells, gammas, bins)
        Test images, their mean confidence, and how often the top label is right; NaN where none.
    """

    cells: tuple[str, ...]
    gammas: tuple[float, ...]
    count: NDArray[np.float64]
    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]


def data(plan: Plan, records: Iterable[Record], axis: str = "images") -> Data:
    """Pool seeds from the confidence of each test image; `axis` tells cells apart. Arrays are needed."""
    by_id = {record.id: record for record in records}
    cells = tuple(dict.fromkeys(run.labels[axis] for run in plan.runs))
    gammas = tuple(sorted({float(run.configuration["gamma"]) for run in plan.runs}))
    total = np.zeros((len(cells), len(gammas), 3, 15))
    for run in plan.runs:
        if run.id in by_id:
            place = cells.index(run.labels[axis]), gammas.index(float(run.configuration["gamma"]))
            total[place] += binned(by_id[run.id])
    safe = np.where(total[:, :, 0] > 0, total[:, :, 0], np.nan)
    return Data(cells, gammas, total[:, :, 0], total[:, :, 1] / safe, total[:, :, 2] / safe)


def draw(data: Data, axes: Any) -> None:
    """Draw a panel for each cell with a curve for each gamma."""
    colours = gamma_colors(data.gammas)
    for c, (ax, cell) in enumerate(zip(np.ravel(axes), data.cells, strict=True)):
        ax.set_title(cell)
        if not data.count[c].any():
            empty(ax)
            continue
        ax.plot([0, 1], [0, 1], color="C5", linewidth=1.0)
        for g, gamma in enumerate(data.gammas):
            shown = data.count[c, g] >= LEAST
            if shown.any():
                x, y = data.confidence[c, g, shown], data.accuracy[c, g, shown]
                ax.plot(x, y, "o-", color=colours[g], ms=4, linewidth=1.4, label=f"γ = {gamma:g}")
        ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", aspect="equal")
    first = np.ravel(axes)[0]
    if data.count[0].any():
        first.set_ylabel("how often right")
        first.legend(loc="upper left", fontsize=9)
