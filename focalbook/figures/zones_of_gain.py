"""Figure: the gain curve, the zones that the level lambda cuts, and the masses of one distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.transforms import blended_transform_factory
from numpy.typing import NDArray

from focalbook.theory.loss import focal_gain
from focalbook.theory.minimizer import minimizer
from focalbook.theory.zones import classify, zones

__all__ = ["NAMES", "Data", "data", "draw"]

#: The zones of `focalbook.theory.zones.classify`, with the colour role each has in figures.
NAMES = {
    1: ("amplified", "C0"),
    -1: ("suppressed", "C1"),
    -2: ("over-suppressed", "C3"),
    0: ("unchanged", "C5"),
}


@dataclass(frozen=True)
class Data:
    """A distribution made of groups of equal masses, and its zones.

    Attributes
    ----------
    gamma : float
        Focusing parameter.
    mass, count : ndarray, shape (m,)
        Mass of one class of each group, and the number of classes in it.
    q : ndarray, shape (m,)
        What Q* gives to one class of each group.
    zone : ndarray of int, shape (m,)
        Keys of `NAMES`.
    multiplier, p_low, p_high : float
        lambda and the thresholds.
    grid, gain : ndarray, shape (n,)
        Probabilities and h at them.
    """

    gamma: float
    mass: NDArray[np.float64]
    count: NDArray[np.int64]
    q: NDArray[np.float64]
    zone: NDArray[np.int8]
    multiplier: float
    p_low: float
    p_high: float
    grid: NDArray[np.float64]
    gain: NDArray[np.float64]


def data(
    mass: Sequence[float] = (0.1, 0.001),
    count: Sequence[int] = (7, 300),
    gamma: float = 1.0,
    points: int = 500,
) -> Data:
    """Solve one distribution.

    Parameters
    ----------
    mass, count
        ``count[i]`` classes have mass ``mass[i]`` > 0 each; together they have mass 1.
    gamma
        Focusing parameter, above 0.
    points
        Points of the curve.
    """
    p = np.repeat(np.asarray(mass, dtype=float), count)
    first = np.cumsum([0, *count[:-1]])
    found = zones(p, gamma)
    grid = np.geomspace(min(1e-4, min(mass) / 3.0), 1.0, points)
    return Data(
        gamma,
        p[first],
        np.asarray(count),
        minimizer(p, gamma)[first],
        classify(p, gamma)[first],
        float(found.multiplier),
        float(found.p_low),
        float(found.p_high),
        grid,
        focal_gain(grid, gamma),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the curve with its zones on the first axes, P and Q* on the second."""
    curve, bars = axes
    ends = (data.grid[0], max(data.p_low, data.grid[0]), data.p_high, 1.0)
    place = blended_transform_factory(curve.transData, curve.transAxes)
    for code, left, right in zip((-2, 1, -1), ends, ends[1:], strict=False):
        name, colour = NAMES[code]
        if right > left:
            curve.axvspan(left, right, color=colour, alpha=0.13, linewidth=0)
            curve.text(
                np.sqrt(left * right), 0.03, name, color=colour, transform=place, rotation=90, fontsize=9,
                ha="center", va="bottom",
            )  # fmt: skip
    curve.plot(data.grid, data.gain, color="C5")
    curve.axhline(data.multiplier, color="C4", linestyle="--", linewidth=1.4)
    curve.annotate(
        "λ",
        (data.grid[0], data.multiplier),
        xytext=(4, 4),
        textcoords="offset points",
        color="C4",
        weight="bold",
    )
    for mass, code in zip(data.mass, data.zone, strict=True):
        height = np.interp(mass, data.grid, data.gain)
        curve.plot(mass, height, "o", color=NAMES[int(code)][1], markersize=8)
    curve.set(xscale="log", xlim=(data.grid[0], 1.0), ylim=(0, 1.1 * data.gain.max()))
    curve.set(xlabel="probability p", ylabel="gain h(p)")
    where = np.arange(data.mass.size)
    bars.bar(where - 0.2, data.mass, 0.38, color="C5", label="P", edgecolor="none")
    colours = [NAMES[int(code)][1] for code in data.zone]
    bars.bar(where + 0.2, data.q, 0.38, color=colours, label="Q*", edgecolor="none")
    for x, mass, q in zip(where, data.mass, data.q, strict=True):
        change = f"{100.0 * (q / mass - 1.0):+.1f} %"
        bars.annotate(change, (x + 0.2, max(q, mass)), xytext=(0, 3), textcoords="offset points", ha="center")
    bars.set_xticks(where, [f"{n} of {m:g}" for n, m in zip(data.count, data.mass, strict=True)])
    bars.set(
        yscale="log", ylabel="probability of one class", ylim=(data.mass.min() / 3.0, 2.5 * data.q.max())
    )
    bars.grid(axis="x", visible=False)
    bars.set_title("grey: P, coloured: Q*")
