"""Figure: the loss in the log-odds of the label, and its curvature relative to the cross-entropy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.curvature import convexity_threshold, log_odds_curvature_ratio, unit_ratio_crossings
from focalbook.theory.loss import focal_loss

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Curves for several focusing parameters, G of them.

    Attributes
    ----------
    gammas : tuple of float
        The first is 0.
    log_odds, q : ndarray, shape (n,)
        Log-odds of the label and the probability that belongs to them.
    loss, ratio : ndarray, shape (G, n)
        Loss in nats, and its second derivative relative to that of the cross-entropy.
    threshold : ndarray, shape (G,)
        Probability below which the loss is concave; 0 for gamma = 0.
    crossings : ndarray, shape (G, 2)
        Probabilities at which the ratio is one; NaN for gamma = 0.
    """

    gammas: tuple[float, ...]
    log_odds: NDArray[np.float64]
    q: NDArray[np.float64]
    loss: NDArray[np.float64]
    ratio: NDArray[np.float64]
    threshold: NDArray[np.float64]
    crossings: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.0, 1.0, 2.0, 5.0), points: int = 601) -> Data:
    """Compute the curves for log-odds from -7 to 7."""
    t = np.linspace(-7.0, 7.0, points)
    q = 1.0 / (1.0 + np.exp(-t))
    positive = [g > 0 for g in gammas]
    threshold = [float(convexity_threshold(g)) if up else 0.0 for g, up in zip(gammas, positive, strict=True)]
    crossings = [
        unit_ratio_crossings(g) if up else (np.nan, np.nan) for g, up in zip(gammas, positive, strict=True)
    ]
    return Data(
        tuple(gammas),
        t,
        q,
        np.stack([focal_loss(q, g) for g in gammas]),
        np.stack([log_odds_curvature_ratio(q, g) for g in gammas]),
        np.array(threshold),
        np.array(crossings, dtype=float),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the loss, dotted where it is concave, on the first axes; the ratio on the second."""
    left, right = axes
    for k, colour in enumerate(gamma_colors(data.gammas)):
        concave = data.q < data.threshold[k]
        left.plot(
            data.log_odds[~concave], data.loss[k][~concave], color=colour, label=f"γ = {data.gammas[k]:g}"
        )
        left.plot(data.log_odds[concave], data.loss[k][concave], color=colour, ls=":", lw=2.6)
        right.plot(data.log_odds, data.ratio[k], color=colour)
        right.plot(_logit(data.crossings[k]), np.ones(2), "o", color=colour, ms=4.5, ls="")
        if data.threshold[k] > 0:
            right.plot(_logit(data.threshold[k]), 0.0, "v", color=colour, ms=5)
    left.set(xlabel="log-odds of the label", ylabel="loss, nats", xlim=(-7, 7), ylim=(0, 7))
    left.legend(loc="upper right", fontsize=9)
    right.axhline(0.0, color="0.5", lw=0.8)
    places = np.array([0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99])
    right.set_xticks(_logit(places), [f"{x:g}" for x in places])
    right.set(xlabel="probability of the label", ylabel="curvature, cross-entropy = 1", xlim=(-5.5, 5.5))
    right.set_ylim(-1.0, 1.08 * data.ratio.max())


def _logit(q: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(q) - np.log1p(-q)
