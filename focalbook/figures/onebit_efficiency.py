"""Figure: efficiency of one bit of a Poisson count against the mean, and how it settles at 2/pi."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.onebit.thresholds import (
    CROSSING_SHIFT,
    LIMIT,
    best_efficiency,
    efficiency,
    efficiency_bound,
    efficiency_expansion,
)

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Efficiencies.

    Attributes
    ----------
    taus : tuple of int
        Fixed thresholds.
    mu : ndarray, shape (n,)
    fixed : ndarray, shape (taus, n)
    best, bound : ndarray, shape (n,)
        Of the best threshold, and the upper bound of all.
    wide : ndarray, shape (m,)
        Means for the right panel.
    excess, cap : ndarray, shape (m,)
        mu (E pi/2 - 1) of the best threshold and of the bound.
    limits : tuple of float
        Least and largest value of the former as mu grows.
    """

    taus: tuple[int, ...]
    mu: Float
    fixed: Float
    best: Float
    bound: Float
    wide: Float
    excess: Float
    cap: Float
    limits: tuple[float, float]


def data(taus: tuple[int, ...] = (1, 2, 5, 10, 20), points: int = 600) -> Data:
    """Compute the curves.

    Raises
    ------
    ValueError
        Thresholds that are no whole numbers from 1 on.
    """
    mu = np.logspace(-1.5, 1.7, points)
    fixed = efficiency(np.array(taus)[:, None], mu)
    wide = np.linspace(0.3, 12.3, 4 * points)
    ends = (1.0 + CROSSING_SHIFT, 0.5 + CROSSING_SHIFT)
    limits = tuple(float(efficiency_expansion(1.0, x) / LIMIT - 1.0) for x in ends)
    return Data(
        taus,
        mu,
        fixed,
        best_efficiency(mu),
        efficiency_bound(mu),
        wide,
        wide * (best_efficiency(wide) / LIMIT - 1.0),
        wide * (efficiency_bound(wide) / LIMIT - 1.0),
        (limits[0], limits[1]),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw efficiencies on the first axes, the scaled excess over 2/pi on the second."""
    left, right = axes
    for tau, values, colour in zip(
        data.taus, data.fixed, gamma_colors([float(tau) for tau in data.taus]), strict=True
    ):
        left.plot(data.mu, values, color=colour, lw=1.3)
        peak = values.argmax() if tau > 1 else int(np.searchsorted(-values, -0.3))
        name, where = (f"τ = {tau}", (6, 0)) if tau == 1 else (str(tau), (-3, -14))
        at = (data.mu[peak], values[peak])
        left.annotate(name, at, where, textcoords="offset points", fontsize=9, color=colour)
    left.plot(data.mu, data.best, color="C5", lw=2.4, label="best threshold", zorder=1)
    left.plot(data.mu, data.bound, color="C1", ls="--", lw=1.3, label="bound of all thresholds")
    left.axhline(LIMIT, color="C5", ls=":", lw=1)
    left.text(data.mu[0] * 1.1, LIMIT - 0.015, "2/π", va="top", fontsize=9)
    left.set(
        xlabel="mean μ", ylabel="efficiency", xscale="log", ylim=(0, 1.05), xlim=(data.mu[0], data.mu[-1])
    )
    left.legend(loc="upper right", fontsize=9)
    right.plot(data.wide, data.excess, color="C5", label="best threshold")
    right.plot(data.wide, data.cap, color="C1", ls="--", lw=1.3, label="bound")
    for value in data.limits:
        right.axhline(value, color="C0", ls=":", lw=1.2)
    right.set(xlabel="mean μ", ylabel="μ (Eπ/2 − 1)", ylim=(0, 0.3), xlim=(0, data.wide[-1]))
    right.legend(loc="upper right")
