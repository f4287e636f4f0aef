"""Figure: what one and two stages of thresholds reach when the guess is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from focalbook.campaigns.threshold_designs import STRATEGIES, Staged, TwoStage, two_stage

__all__ = ["data", "draw"]


def data(measured: Staged | None = None) -> Staged:
    """The experiment, run here unless its outcome is handed in."""
    return two_stage(TwoStage()) if measured is None else measured


def draw(data: Staged, ax: Any) -> None:
    """Draw a group of bars for every truth; a cross stands where estimates are missing."""
    place = np.arange(len(data.truths), dtype=float)
    width = 0.2
    for k, name in enumerate(STRATEGIES):
        x = place + (k - 1.5) * width
        known = data.efficiency[:, k] > 0
        ax.bar(
            x[known],
            data.efficiency[known, k],
            width * 0.92,
            yerr=2 * data.error[known, k],
            color=f"C{k}",
            label=name,
            ecolor="C5",
            hatch=("", "//", "", "..")[k],
            linewidth=0,
        )
        ax.plot(x[~known], np.full((~known).sum(), 0.03), "x", color=f"C{k}", ms=8)
    ax.axhline(1.0, color="C5", lw=0.8)
    ax.set_xticks(place, [f"a = {a:g}\ns = {s:g}" for a, s in data.truths])
    ax.set(ylabel="efficiency", ylim=(0, 1.38))
    ax.grid(axis="x", visible=False)
    ax.legend(loc="upper center", ncols=2)
