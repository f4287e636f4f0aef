"""Figure: when the largest probability is raised, when it is lowered, and random distributions beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import COLORS
from focalbook.figures.worst_ratio import sample
from focalbook.theory.loss import focal_gain, gain_crossing, gain_peak
from focalbook.theory.minimizer import minimizer, multiplier

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Borders of the region, and random distributions against the bound.

    Attributes
    ----------
    gammas, peak, crossing : ndarray, shape (G,)
        Focusing parameters with p* and p0.
    gamma : float
        Focusing parameter of the random distributions.
    top, top_model : ndarray, shape (n,)
        Largest mass and largest model probability of each random distribution.
    predicted : ndarray of bool, shape (n,)
        Whether h(p_max) exceeds the multiplier.
    bound : ndarray, shape (B, 2)
        Largest mass and the largest model probability it allows, where the top is raised.
    """

    gammas: Float
    peak: Float
    crossing: Float
    gamma: float
    top: Float
    top_model: Float
    predicted: NDArray[np.bool_]
    bound: Float


def data(gamma: float = 2.0, count: int = 3000, seed: int = 0, gammas: Sequence[float] | None = None) -> Data:
    """Solve random distributions of up to 128 classes.

    Parameters
    ----------
    gamma
        Focusing parameter of the right panel, above 0.
    count
        Random distributions.
    seed
        Of the random numbers.
    gammas
        Grid of the left panel; from 0.05 to 20 when absent.
    """
    grid = np.geomspace(0.05, 20.0, 120) if gammas is None else np.asarray(gammas, dtype=float)
    p = sample(count, np.random.default_rng(seed))
    q = minimizer(p, gamma)
    top = p.max(axis=1)
    reported = np.linspace(1e-4, float(gain_crossing(gamma)), 300)
    gain = focal_gain(reported, gamma)
    bound = np.stack([reported / (reported + gain * (1.0 - reported)), reported], axis=1)
    predicted = focal_gain(top, gamma) > multiplier(p, gamma)
    peak, crossing = (np.asarray(f(grid), dtype=float) for f in (gain_peak, gain_crossing))
    return Data(grid, peak, crossing, gamma, top, q.max(axis=1), predicted, bound)


def draw(data: Data, axes: Any) -> None:
    """Draw the map of p_max and gamma, and the random distributions with the bound."""
    left, right = axes
    left.fill_between(data.gammas, 0.0, data.peak, color=COLORS["amplified"], alpha=0.45, linewidth=0)
    left.fill_between(
        data.gammas, data.peak, data.crossing, color=COLORS["highlight"], alpha=0.45, linewidth=0
    )
    left.fill_between(data.gammas, data.crossing, 1.0, color=COLORS["suppressed"], alpha=0.45, linewidth=0)
    left.plot(data.gammas, data.peak, color=COLORS["amplified"])
    left.plot(data.gammas, data.crossing, color=COLORS["suppressed"])
    left.text(0.75, 0.72, "always lowered", ha="center")
    left.text(0.26, 0.3, "depends on the rest", ha="center")
    left.text(0.26, 0.07, "always raised", ha="center")
    left.set(xscale="log", xlabel="γ", ylabel="largest mass p_max", ylim=(0, 1), xlim=data.gammas[[0, -1]])
    for chosen, role, label in (
        (data.predicted, "amplified", "h(p_max) > λ"),
        (~data.predicted, "suppressed", "h(p_max) ≤ λ"),
    ):
        ratio = data.top_model[chosen] / data.top[chosen]
        right.plot(data.top[chosen], ratio, ".", ms=3, color=COLORS[role], label=label, rasterized=True)
    right.plot(
        data.bound[:, 0], data.bound[:, 1] / data.bound[:, 0], "--", color="C5", label="bound on the odds"
    )
    right.axhline(1.0, color="C5", linewidth=0.8)
    peak, crossing = float(gain_peak(data.gamma)), float(gain_crossing(data.gamma))
    right.axvline(peak, color=COLORS["amplified"], linewidth=0.9)
    right.axvline(crossing, color=COLORS["suppressed"], linewidth=0.9)
    right.set(xlabel=f"largest mass p_max, γ = {data.gamma:g}", ylabel="q_max / p_max", xlim=(0, 1))
    right.legend(loc="upper right", markerscale=3)
