"""Figure: what a model trained with focal loss reports, and the function that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import COLORS, gamma_colors
from focalbook.theory.loss import focal_gain, gain_maximum, gain_peak
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Reported probability and gain, for G focusing parameters on n points.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters, all above 0.
    p : ndarray, shape (n,)
        True probability of the likelier of two classes, and argument of the gain; in [0, 1].
    reported : ndarray, shape (G, n)
        What the minimiser of the focal-entropy gives to a class of probability p when there are two classes.
    gain : ndarray, shape (G, n)
        h(p).
    peaks : ndarray, shape (G, 2)
        Location and height of the maximum of the gain.
    """

    gammas: tuple[float, ...]
    p: NDArray[np.float64]
    reported: NDArray[np.float64]
    gain: NDArray[np.float64]
    peaks: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0), points: int = 401) -> Data:
    """Compute both panels for each gamma."""
    p = np.linspace(0.0, 1.0, points)
    g = np.asarray(gammas)
    pairs = np.stack([p, 1.0 - p], axis=-1)
    reported = minimizer(np.broadcast_to(pairs, (g.size, points, 2)), g[:, None] + np.zeros(points))[..., 0]
    peaks = np.column_stack([gain_peak(g), gain_maximum(g)])
    return Data(tuple(gammas), p, reported, focal_gain(p, g[:, None]), peaks)


def draw(data: Data, axes: Any) -> None:
    """Draw reported against true probability, and the gain with its peaks."""
    left, right = axes
    upper = data.p >= 0.5
    left.plot((0.5, 1.0), (0.5, 1.0), color=COLORS["reference"], linestyle="--", label="γ = 0: honest")
    right.axhline(1.0, color=COLORS["reference"], linestyle="--")
    for gamma, colour, q, h, peak in zip(
        data.gammas, gamma_colors(data.gammas), data.reported, data.gain, data.peaks, strict=True
    ):
        left.plot(data.p[upper], q[upper], color=colour, label=f"γ = {gamma:g}")
        right.plot(data.p, h, color=colour)
        right.plot(*peak, marker="o", markersize=4.5, color=colour)
    left.set(xlabel="true probability of the likelier class", ylabel="probability the model reports")
    left.set_title("two classes: confidence is lowered")
    left.legend(loc="upper left")
    right.set(xlabel="probability p", ylabel="gain h(p)", ylim=(0.0, None))
    right.set_title("the gain: p is raised where h(p) > λ")
