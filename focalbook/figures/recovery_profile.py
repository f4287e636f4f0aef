"""Figure: log loss after recovery with other gammas than that of training, one panel for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.plan import Plan
from focalbook.figures.style import gamma_colors
from focalbook.store import Record

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Profiles of the test log loss, each minus its value without recovery.

    Attributes
    ----------
    cells : tuple of str
    gammas : tuple of float
        Of training.
    tried : array, shape (m,)
        Gammas of the inverse map.
    change : array, shape (cells, gammas, m)
        Nats, mean over seeds.
    best : array, shape (cells, gammas)
        Of those tried, the gamma with the least mean log loss.
    """

    cells: tuple[str, ...]
    gammas: tuple[float, ...]
    tried: NDArray[np.float64]
    change: NDArray[np.float64]
    best: NDArray[np.float64]


def data(plan: Plan, records: Sequence[Record], axis: str = "images") -> Data:
    """Profiles of live records; `axis` is the axis of the plan that tells cells apart."""
    by_id = {record.id: record for record in records}
    cells = tuple(dict.fromkeys(run.labels[axis] for run in plan.runs))
    gammas = tuple(sorted({float(run.configuration["gamma"]) for run in plan.runs}))
    tried = next(iter(records)).arrays["tried"]
    change = np.zeros((len(cells), len(gammas), len(tried)))
    for c, cell in enumerate(cells):
        for g, gamma in enumerate(gammas):
            runs = [
                run for run in plan.runs if run.labels[axis] == cell and run.configuration["gamma"] == gamma
            ]
            losses = np.array([by_id[run.id].arrays["tried_nll"] for run in runs])
            change[c, g] = (losses - losses[:, [0]]).mean(axis=0)
    return Data(cells, gammas, tried, change, tried[change.argmin(axis=2)])


def draw(data: Data, axes: Any) -> None:
    """Draw a panel for each cell, a curve for each gamma of training and a ring at that gamma."""
    colours = gamma_colors(data.gammas)
    for ax, cell, change in zip(np.ravel(axes), data.cells, data.change, strict=True):
        ax.axhline(0, color="C5", linewidth=1.0)
        for gamma, colour, values in zip(data.gammas, colours, change, strict=True):
            ax.plot(data.tried, values, color=colour, label=f"trained with γ = {gamma:g}")
            place = int(np.flatnonzero(data.tried == gamma)[0])
            ax.plot(gamma, values[place], "o", color=colour, mfc="none", ms=8)
        ax.set(title=cell, xlabel="γ of the inverse map")
        ax.set_yscale("symlog", linthresh=0.1)
    np.ravel(axes)[0].set_ylabel("change of NLL (nats)")
    np.ravel(axes)[-1].legend(loc="lower right")
