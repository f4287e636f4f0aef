"""Figure: the training loss beside the least value that any network could reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.known_posterior import gammas_of, select
from focalbook.figures.style import gamma_colors
from focalbook.store import Record

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Training curves of several gamma.

    Attributes
    ----------
    gammas : array, shape (g,)
    steps : array, shape (points,)
    mean, low, high : arrays, shape (g, points)
        Loss in nats: mean, least and largest over seeds.
    floor : array, shape (g,)
        Focal Bayes risk of the training images.
    """

    gammas: NDArray[np.float64]
    steps: NDArray[np.int64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    floor: NDArray[np.float64]


def data(records: Sequence[Record]) -> Data:
    """Collect the curves of all records."""
    gammas = gammas_of(records)
    groups = [select(records, g) for g in gammas]
    curves = np.array([[r.arrays["loss"] for r in group] for group in groups])
    floor = np.array([float(group[0].arrays["risk"]) for group in groups])
    steps = records[0].arrays["steps"]
    return Data(np.array(gammas), steps, curves.mean(1), curves.min(1), curves.max(1), floor)


def draw(data: Data, ax: Any) -> None:
    """Draw one curve for each gamma and its floor, dashed."""
    for i, colour in enumerate(gamma_colors(list(data.gammas))):
        ax.fill_between(data.steps, data.low[i], data.high[i], color=colour, alpha=0.25, linewidth=0)
        ax.plot(data.steps, data.mean[i], color=colour, label=f"γ = {data.gammas[i]:g}")
        ax.axhline(data.floor[i], color=colour, linestyle="--", linewidth=1.0)
    ax.set(xlabel="training step", ylabel="loss (nats)", xlim=(0, data.steps[-1]), ylim=(0, None))
    ax.legend(ncols=2)
