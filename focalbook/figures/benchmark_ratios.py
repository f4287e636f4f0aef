"""Figure: how long each way to compute the focal loss takes, as a multiple of the cross-entropy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.benchmark_tables import timed
from focalbook.campaigns.benchmarks import by_contender, only
from focalbook.store import Record

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Ratios of the contenders that ran, C of them, for S shapes and G gammas.

    Attributes
    ----------
    names : tuple of str
    shapes : tuple of (int, int)
        Rows and classes.
    gammas : tuple of float
    ratio, low, high : ndarray, shape (S, G, C)
        Median and quartiles of the ratio to the first contender.
    """

    names: tuple[str, ...]
    shapes: tuple[tuple[int, int], ...]
    gammas: tuple[float, ...]
    ratio: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def data(records: Sequence[Record], table: str = "loss") -> Data:
    """Read the ratios of a table of times.

    Parameters
    ----------
    records
        Records of one run of the benchmarks.
    table : {"loss", "posterior"}
    """
    shapes = timed(records, table)
    mine = [r for r in records if r.configuration["table"] == table]
    gammas = sorted({float(r.configuration["gamma"]) for r in mine})
    ran = [by_contender(only(mine, table, rows=n, classes=k, gamma=g)) for n, k in shapes for g in gammas]
    names = [name for name in ran[0] if all(part[name] for part in ran)][1:]
    cells = np.array(
        [[(m.value, m.low, m.high) for m in (part[name]["ratio"] for name in names)] for part in ran]
    )
    ratio, low, high = np.moveaxis(cells.reshape(len(shapes), len(gammas), len(names), 3), -1, 0)
    return Data(tuple(names), tuple(shapes), tuple(gammas), ratio, low, high)


def draw(data: Data, axes: Any) -> None:
    """One panel for each shape: a row for each contender, a dot with quartiles for each gamma."""
    place = np.arange(len(data.names))[::-1]
    for s, (ax, (rows, classes)) in enumerate(zip(axes, data.shapes, strict=True)):
        for g, gamma in enumerate(data.gammas):
            offset = 0.24 * (0.5 * (len(data.gammas) - 1) - g)
            spread = np.abs(np.stack([data.low[s, g], data.high[s, g]]) - data.ratio[s, g])
            colour, marker = f"C{g}", "os^D"[g % 4]
            ax.errorbar(
                data.ratio[s, g],
                place + offset,
                xerr=spread,
                fmt=marker,
                color=colour,
                ms=6,
                label=f"γ = {gamma:g}",
            )
        ax.axvline(1.0, color="C5", ls="--", lw=1.2)
        ax.set(
            xscale="log", xlabel="ratio to the first contender", title=f"{rows:,} rows, {classes:,} classes"
        )
        ax.set_ylim(-0.6, len(place) - 0.4)
        ax.set_yticks(place, data.names)
        ticks = [
            t for t in (0.5, 1, 2, 5, 10, 20, 50, 100) if 0.7 * data.low.min() < t < 1.4 * data.high.max()
        ]
        ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
        ax.minorticks_off()
    axes[-1].legend(loc="upper right")
