"""Figure: excess log loss after each treatment of the outputs, in two regimes of training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.known_posterior import gammas_of, select
from focalbook.campaigns.recalibration import TREATMENTS
from focalbook.store import Record

__all__ = ["Data", "data", "draw"]

_MARKS, _ROLES = ("o", "^", "s", "D"), ("C0", "C1", "C2", "C3")


@dataclass(frozen=True)
class Data:
    """Excess log loss of each network.

    Attributes
    ----------
    regimes : tuple of str
    gammas : tuple of float
    excess : ndarray, shape (regimes, gammas, treatments, seeds)
        Nats above the log loss of the posterior.
    """

    regimes: tuple[str, ...]
    gammas: tuple[float, ...]
    excess: NDArray[np.float64]


def data(records: Mapping[str, Sequence[Record]]) -> Data:
    """Collect the records of each regime, named by the keys; all need the same gammas and seeds."""
    gammas = gammas_of(next(iter(records.values())))
    excess = [
        [
            [[r.metrics[f"excess {name}"].value for r in select(regime, gamma)] for name in TREATMENTS]
            for gamma in gammas
        ]
        for regime in records.values()
    ]
    return Data(tuple(records), tuple(gammas), np.array(excess))


def draw(data: Data, axes: Any) -> None:
    """Draw a panel for each regime: a group of marks for each gamma, one mark for each network."""
    for ax, name, rows in zip(axes, data.regimes, data.excess, strict=True):
        for g, row in enumerate(rows):
            for k, values in enumerate(row):
                place = g + 0.16 * (k - 1.5) + np.linspace(-0.03, 0.03, len(values))
                label = TREATMENTS[k] if g == 0 else None
                ax.plot(place, values, _MARKS[k], color=_ROLES[k], mfc="none", ms=6, label=label)
        ax.set(yscale="log", title=name, xticks=range(len(data.gammas)))
        ax.set_xticklabels([f"γ = {gamma:g}" for gamma in data.gammas])
        ax.grid(visible=False, axis="x")
    axes[0].set_ylabel("excess log loss (nats)")
    axes[0].set_ylim(top=6 * float(data.excess[0].max()))  # room for the legend
    axes[0].legend(loc="upper left")
