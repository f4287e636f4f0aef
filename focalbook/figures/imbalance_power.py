"""Figure: how much rare letters are lowered, and how much lowering the experiment could have seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.agreement import Cells, deepest
from focalbook.campaigns.contexts import RARE
from focalbook.figures.style import gamma_colors

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Lowering, 1 - q/p in per cent, where it is deepest.

    Attributes
    ----------
    gammas : array, shape (g,)
    prevalence : array, shape (r,)
    predicted, measured, low, high : arrays, shape (g, r)
        The measured one with its 95 % interval over seeds.
    detectable : array, shape (g, r, 2)
        Least lowering seen with powers 0.8 and 0.9.
    """

    gammas: NDArray[np.float64]
    prevalence: NDArray[np.float64]
    predicted: NDArray[np.float64]
    measured: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    detectable: NDArray[np.float64]


def data(found: Cells) -> Data:
    """Collect the deepest over-suppression of every gamma above 0 and every rare letter."""
    gammas = found.gammas[found.gammas > 0]
    rows = [[deepest(found, gamma, rare) for rare in range(len(RARE))] for gamma in gammas]

    def lowering(factors: list[list[float]]) -> NDArray[np.float64]:
        return 100 * (1 - np.array(factors))

    return Data(
        gammas,
        np.array(RARE),
        lowering([[one.predicted for one in row] for row in rows]),
        lowering([[one.measured.value for one in row] for row in rows]),
        lowering([[one.measured.high for one in row] for row in rows]),
        lowering([[one.measured.low for one in row] for row in rows]),
        100 * np.array([[one.detectable for one in row] for row in rows]),
    )


def draw(data: Data, ax: Any) -> None:
    """Draw predicted and measured lowering, and as a shaded area what cannot be told from nothing."""
    most = data.detectable.max(axis=0)
    ax.fill_between(
        data.prevalence, 0, most[:, 1], color="C5", alpha=0.25, linewidth=0, label="below power 0.9"
    )
    ax.plot(data.prevalence, most[:, 0], color="C5", linestyle=":", label="power 0.8")
    for i, colour in enumerate(gamma_colors(list(data.gammas))):
        value = data.measured[i]
        ax.plot(data.prevalence, data.predicted[i], color=colour, linewidth=1.2)
        ax.errorbar(
            data.prevalence, value, [value - data.low[i], data.high[i] - value], color=colour,
            fmt="osD^v"[i % 5], markersize=4.5, elinewidth=1.2, capsize=2, label=f"γ = {data.gammas[i]:g}",
        )  # fmt: skip
    ax.set(xscale="log", xlabel="prevalence", ylabel="lowering, 1 − q/p (%)", ylim=(0, None))
    ax.minorticks_off()
    ax.legend(ncols=1, loc="center left", bbox_to_anchor=(1.0, 0.5))
