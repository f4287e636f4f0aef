"""Figure: the means at which the best threshold changes, against their expansion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit.thresholds import CROSSING_CURVE, CROSSING_SHIFT, best_threshold, crossing

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Crossings.

    Attributes
    ----------
    mu, best : ndarray, shape (n,)
        Means and their best thresholds.
    k, gap : ndarray, shape (m,)
        Thresholds, and k minus the mean at which k and k + 1 are equally good.
    """

    mu: Float
    best: Float
    k: Float
    gap: Float


def data(largest: int = 6, points: int = 800) -> Data:
    """Compute staircase and crossings.

    Raises
    ------
    ValueError
        `largest` below 1.
    """
    if largest < 1:
        raise ValueError(f"largest must be at least 1, got {largest}.")
    mu = np.linspace(0.02, float(largest), points)
    k = np.unique(np.round(np.logspace(0, 4, 40)))
    return Data(mu, best_threshold(mu), k, k - crossing(k))


def draw(data: Data, axes: Any) -> None:
    """Draw the staircase on the first axes, the crossings on the second."""
    left, right = axes
    left.plot(data.mu, data.best, color="C0")
    left.plot(
        data.mu, data.mu + 0.5 + CROSSING_SHIFT, color="C1", ls="--", lw=1.3, label="μ + 1/2 + 1/(3(π−2))"
    )
    left.set(xlabel="mean μ", ylabel="best threshold", xlim=(0, data.mu[-1]), ylim=(0.5, data.best.max() + 1))
    left.legend(loc="upper left")
    fine = np.logspace(0, 4, 200)
    right.semilogx(data.k, data.gap, "o", color="C0", ms=4)
    right.plot(fine, CROSSING_SHIFT - CROSSING_CURVE / fine, color="C1", lw=1.2, label="three terms")
    right.axhline(CROSSING_SHIFT, color="C5", ls=":", label="1/(3(π−2))")
    right.axhline(1 / 3, color="C3", ls="-.", lw=1.2, label="1/3, the median")
    right.set(xlabel="threshold k", ylabel="k − crossing", ylim=(0.2, 0.35))
    right.legend(loc="lower right")
