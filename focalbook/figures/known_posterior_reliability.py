"""Figure: reliability of the networks' confidence before and after recovery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from focalbook.calibration import Reliability, reliability
from focalbook.campaigns.known_posterior import select
from focalbook.figures.style import COLORS
from focalbook.store import Record
from focalbook.theory.minimizer import recover

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Reliability diagrams of all networks of one gamma together.

    Attributes
    ----------
    gamma : float
    output, recovered : Reliability
    n : int
        Forecasts: held-out images times seeds.
    """

    gamma: float
    output: Reliability
    recovered: Reliability
    n: int


def data(records: Sequence[Record], gamma: float, bins: int = 10) -> Data:
    """Pool the forecasts of all seeds; each has letters of its own, drawn for the held-out images."""
    chosen = select(records, gamma)
    output = np.concatenate([r.arrays["output"] for r in chosen])
    letter = np.concatenate([r.arrays["letter"] for r in chosen])
    before, after = (reliability(q, letter, bins) for q in (output, recover(output, gamma)))
    return Data(gamma, before, after, len(letter))


def draw(data: Data, axes: Any) -> None:
    """Draw both diagrams side by side; the area of a mark is proportional to the forecasts in its bin."""
    parts = (("as the networks say", data.output, "focal"), ("after recovery", data.recovered, "recovered"))
    for ax, (title, shown, role) in zip(axes, parts, strict=True):
        ax.plot([0, 1], [0, 1], color="C5", linewidth=1.0)
        spread = [shown.accuracy - shown.low, shown.high - shown.accuracy]
        ax.errorbar(shown.confidence, shown.accuracy, spread, color=COLORS[role], fmt="none", elinewidth=1.2)
        ax.scatter(shown.confidence, shown.accuracy, 8 + 600 * shown.count / data.n, color=COLORS[role])
        ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence in the top letter", title=title, aspect="equal")
    axes[0].set_ylabel("how often it is right")
