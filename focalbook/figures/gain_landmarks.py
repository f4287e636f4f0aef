"""Figure: the shape of the gain: its one peak, its one crossing of one, and how gamma moves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.loss import focal_gain, gain_crossing, gain_maximum, gain_peak

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """The gain for some gamma, and its landmarks for many.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters of the curves, G of them.
    grid : ndarray, shape (n,)
        Probabilities.
    gain : ndarray, shape (G, n)
        h on the grid.
    peak, height, crossing : ndarray, shape (G,)
        p*, h(p*) and p0.
    many : ndarray, shape (m,)
        Focusing parameters of the landmarks.
    peaks, crossings : ndarray, shape (m,)
        p* and p0.
    """

    gammas: tuple[float, ...]
    grid: NDArray[np.float64]
    gain: NDArray[np.float64]
    peak: NDArray[np.float64]
    height: NDArray[np.float64]
    crossing: NDArray[np.float64]
    many: NDArray[np.float64]
    peaks: NDArray[np.float64]
    crossings: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0), points: int = 300) -> Data:
    """Compute curves and landmarks.

    Parameters
    ----------
    gammas
        Focusing parameters of the curves, above 0.
    points
        Points of each curve.
    """
    grid = np.geomspace(1e-4, 1.0, points)
    g = np.asarray(gammas, dtype=float)
    many = np.geomspace(1e-2, 100.0, points)
    return Data(
        tuple(gammas),
        grid,
        focal_gain(grid, g[:, None]),
        gain_peak(g),
        gain_maximum(g),
        gain_crossing(g),
        many,
        gain_peak(many),
        gain_crossing(many),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the curves with their landmarks on the first axes, the landmarks against gamma on the second."""
    curves, places = axes
    rows = zip(
        data.gammas, gamma_colors(data.gammas), data.gain, data.peak, data.height, data.crossing, strict=True
    )
    curves.axhline(1.0, color="C5", linewidth=1.2, linestyle="--")
    for gamma, colour, gain, peak, height, crossing in rows:
        curves.plot(data.grid, gain, color=colour, label=f"γ = {gamma:g}")
        curves.plot(peak, height, "^", color=colour, markersize=7)
        curves.plot(crossing, 1.0, "o", color=colour, markersize=6)
    curves.set(xscale="log", xlabel="probability p", ylabel="gain h(p)", ylim=(0, 1.5))
    curves.legend(loc="lower left")
    places.axhline(0.5, color="C5", linewidth=1.2, linestyle=":")
    places.plot(data.many, data.crossings, color="C1", label="crossing $p_0$")
    places.plot(data.many, data.peaks, color="C0", label="peak $p^*$")
    places.set(xscale="log", yscale="log", xlabel="γ", ylabel="probability", ylim=(None, 1.0))
    places.legend(loc="lower left")
