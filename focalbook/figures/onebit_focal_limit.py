"""Figure: where a Gaussian fitted with focal loss to one-bit data ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from focalbook.campaigns.onebit_focal import gaussian
from focalbook.figures.style import gamma_colors
from focalbook.onebit import focal_limit

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Limits of the estimator against gamma, and the curves that it fits.

    Attributes
    ----------
    gammas : ndarray, shape (G,)
        Fine grid.
    limits, recovered : ndarray, shape (G, 2)
        Mean and standard deviation in the limit; of the projection of the recovered probabilities.
    truth : ndarray, shape (2,)
    tau : ndarray, shape (T,)
        Thresholds of the curves.
    shown : tuple of float
        Exponents whose curves are drawn, the first of them 0.
    curves : ndarray, shape (S, T)
        P(X >= tau).
    places, restored : ndarray, shape (c,) and (S, c)
        Thresholds of the design, and probabilities after the inverse map.
    """

    gammas: Float
    limits: Float
    recovered: Float
    truth: Float
    tau: Float
    shown: tuple[float, ...]
    curves: Float
    places: Float
    restored: Float


def data(shown: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0), points: int = 25) -> Data:
    """Compute limits for the five thresholds of the chapter.

    Parameters
    ----------
    shown
        Exponents whose curves are drawn.
    points
        Number of exponents from 0 to 10.

    Raises
    ------
    ValueError
        An exponent below 0, or fewer than two points.
    """
    if min(shown) < 0 or points < 2:
        raise ValueError(f"exponents must be at least 0 and points at least 2, got {shown} and {points}.")
    model, truth = gaussian()
    p = model.probabilities(truth)
    gammas = np.linspace(0.0, 10.0, points)
    found = [focal_limit(model, p, 1.0, float(g)) for g in gammas]
    tau = np.linspace(-3.0, 4.0, 141)
    some = [focal_limit(model, p, 1.0, g) for g in shown]
    return Data(
        gammas,
        np.array([one.estimate for one in found]),
        np.array([one.recovered_estimate for one in found]),
        truth,
        tau,
        tuple(shown),
        np.array([ndtr((one.estimate[0] - tau) / one.estimate[1]) for one in some]),
        np.array([-1.5, -0.5, 0.5, 1.5, 2.5]),
        np.array([one.recovered_probabilities for one in some]),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the curves on the first axes, mean and standard deviation on the second."""
    left, right = axes
    marks = "o^sDv"
    for k, (g, colour) in enumerate(zip(data.shown, gamma_colors(data.shown), strict=True)):
        left.plot(data.tau, data.curves[k], color=colour, label=f"γ = {g:g}")
        left.plot(data.places, data.restored[k], marks[k % 5], color=colour, ms=5, mfc="none")
    left.set(xlabel="threshold τ", ylabel="P(X ≥ τ)", ylim=(-0.02, 1.02))
    left.legend()
    right.plot(data.gammas, data.limits[:, 1], color="C0", label="standard deviation")
    right.plot(data.gammas, data.limits[:, 0], color="C1", label="mean")
    right.plot(data.gammas, data.recovered[:, 1], color="C0", ls="--", label="recovered")
    right.plot(data.gammas, data.recovered[:, 0], color="C1", ls="--")
    right.plot([0, 0], data.truth, "s", color="C5", ms=6, clip_on=False, label="truth")
    right.set(xlabel="γ", ylabel="limit of the estimate", yscale="log", xlim=(0, data.gammas[-1]))
    right.set_yticks([0.3, 1, 3, 10], ["0.3", "1", "3", "10"])
    right.legend(loc="upper left")
    right.set_ylim(0.2, 40)
