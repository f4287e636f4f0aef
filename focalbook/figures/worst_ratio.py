"""Figure: the worst loss of a probability over many random distributions, against the two bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from focalbook.theory.loss import focal_gain, gain_maximum
from focalbook.theory.minimizer import minimizer
from focalbook.theory.zones import classify

__all__ = ["CLASSES", "Data", "data", "draw", "sample", "top_bound"]

CLASSES = 128


@dataclass(frozen=True)
class Data:
    """Worst q/p by zone.

    Attributes
    ----------
    gammas : ndarray, shape (G,)
        Focusing parameters.
    low, high : ndarray, shape (G,)
        Smallest q/p among the over-suppressed and among the suppressed masses; NaN where there is none.
    low_bound, high_bound : ndarray, shape (G,)
        1/h(p*) and the bound that holds for every mass.
    count : int
        Random distributions for each gamma.
    found : ndarray of int, shape (G,)
        How many of them have an over-suppressed mass.
    """

    gammas: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    low_bound: NDArray[np.float64]
    high_bound: NDArray[np.float64]
    count: int
    found: NDArray[np.int64]


def sample(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Random distributions (count, CLASSES): flat or spiky, heads over a tail, one top over equals."""
    part = count // 3
    spread = 10.0 ** rng.uniform(-1.5, 1.5, size=(count - 2 * part, 1))
    free = rng.standard_gamma(np.broadcast_to(spread, (count - 2 * part, CLASSES))) + 1e-300
    place, heads = np.arange(CLASSES), rng.integers(1, 100, size=(part, 1))
    tail = 10.0 ** rng.uniform(-12.0, 0.0, size=(part, 1))
    noise = rng.lognormal(0.0, 0.05, size=(part, CLASSES))
    layered = np.where(place < heads, 1.0 / heads, tail / (CLASSES - heads)) * noise
    top, others = rng.uniform(size=(part, 1)), rng.integers(2, CLASSES, size=(part, 1))
    one = np.where(place == 0, top, np.where(place <= others, (1.0 - top) / others, 0.0))
    p = np.concatenate([free, layered, one])
    return p / p.sum(axis=1, keepdims=True)


def top_bound(gamma: float) -> float:
    """Smallest value of x + (1-x) h(x)/h(p*) over x in [0, 1]: no q/p is below it, in any zone."""
    height = float(gain_maximum(gamma))
    grid = np.geomspace(1e-6, 1.0, 400)

    def bound(x: ArrayLike) -> NDArray[np.float64]:
        x = np.asarray(x, dtype=float)
        return x + (1.0 - x) * focal_gain(x, gamma) / height

    best = int(np.argmin(bound(grid)))
    ends = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    return float(minimize_scalar(bound, bounds=ends, method="bounded").fun)


def data(
    gammas: Sequence[float] = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0),
    count: int = 4000,
    seed: int = 0,
) -> Data:
    """Solve random distributions and keep the worst ratios.

    Parameters
    ----------
    gammas
        Focusing parameters, above 0.
    count
        Distributions for each gamma.
    seed
        Of the random numbers.
    """
    rng = np.random.default_rng(seed)
    low, high, found = [], [], []
    for gamma in gammas:
        p = sample(count, rng)
        ratio, zone = minimizer(p, gamma) / np.where(p > 0, p, 1.0), classify(p, gamma)
        low.append(np.min(ratio, where=zone == -2, initial=np.inf))
        high.append(np.min(ratio, where=zone == -1, initial=np.inf))
        found.append(int((zone == -2).any(axis=1).sum()))
    worst = np.array([low, high])
    worst[np.isinf(worst)] = np.nan
    g = np.asarray(gammas, dtype=float)
    bound = np.array([top_bound(x) for x in gammas])
    return Data(g, worst[0], worst[1], 1.0 / gain_maximum(g), bound, count, np.array(found))


def draw(data: Data, ax: Any) -> None:
    """Draw bounds as lines and the worst ratios that were met as marks."""
    ax.plot(data.gammas, data.low_bound, color="C3", label="bound for over-suppression, 1/h(p*)")
    ax.plot(data.gammas, data.low, "o", color="C3", mfc="none", label="worst over-suppression met")
    ax.plot(data.gammas, data.high_bound, color="C1", linestyle="--", label="bound for every mass")
    ax.plot(data.gammas, data.high, "s", color="C1", mfc="none", label="worst suppression met")
    ax.set(xscale="log", xlabel="γ", ylabel="smallest q/p", ylim=(0, 1.05))
    ax.legend(loc="lower left")
