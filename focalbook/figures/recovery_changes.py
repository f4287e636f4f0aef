"""Figure: by how much treatments change the log loss of a network, against gamma, one panel for each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.recovery_study import TREATMENTS, Study

__all__ = ["Data", "curve", "data", "draw", "empty"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Changes of the test log loss.

    Attributes
    ----------
    cells : tuple of str
    gammas : tuple of float
    changes : array, shape (cells, treatments but the first, gammas, 3)
        Mean and ends of the interval over seeds, nats; NaN where nothing is stored.
    """

    cells: tuple[str, ...]
    gammas: tuple[float, ...]
    changes: Float


def curve(study: Study, values: Float, cell: int) -> Float:
    """Mean and interval over seeds for each gamma, shape (gammas, 3); NaN where nothing is stored."""
    found = [study.over(values, cell, gamma) for gamma in range(len(study.gammas))]
    return np.array([(np.nan,) * 3 if one is None else (one.value, one.low, one.high) for one in found])


def data(study: Study) -> Data:
    """Changes of the test log loss by each treatment, in every cell of a study."""
    changes = [
        [curve(study, study.change("test nll", name), cell) for name in TREATMENTS[1:]]
        for cell in range(len(study.cells))
    ]
    return Data(study.cells, study.gammas, np.array(changes))


def empty(ax: Any) -> None:
    """Say in a panel that no run of it is stored."""
    ax.text(0.5, 0.5, "no run is stored yet", ha="center", va="center", transform=ax.transAxes)
    ax.set(xticks=(), yticks=())


def draw(data: Data, axes: Any) -> None:
    """Draw a panel for each cell, a line with intervals for each treatment."""
    width = 0.03 * max(data.gammas)
    for ax, cell, changes in zip(np.ravel(axes), data.cells, data.changes, strict=True):
        ax.set_title(cell)
        if not np.isfinite(changes).any():
            empty(ax)
            continue
        ax.axhline(0, color="C5", linewidth=1.0)
        for k, (name, values) in enumerate(zip(TREATMENTS[1:], changes, strict=True)):
            x = np.array(data.gammas) + width * (k - 1)
            spread = np.nan_to_num([values[:, 0] - values[:, 1], values[:, 2] - values[:, 0]])
            ax.errorbar(x, values[:, 0], spread, fmt="o^s"[k] + "-", color=f"C{k + 1}", ms=5, label=name)
        ax.set_xlabel("γ of training")
    first = np.ravel(axes)[0]
    first.set_ylabel("change of NLL (nats)")
    if np.isfinite(data.changes[0]).any():
        first.legend()
