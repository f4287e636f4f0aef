"""Focal loss as a function of the log loss, and the gain: how much of the log loss focal loss pays for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.loss import focal_gain, focal_loss, gain_crossing, gain_maximum, gain_peak

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Two views of the gain.

    Attributes
    ----------
    gammas : tuple of float
        Positive.
    surprisal : ndarray, shape (n,)
        Log loss b = -log q in nats.
    loss : ndarray, shape (len(gammas), n)
        Focal loss of q = exp(-b) in nats; its slope in b is the gain.
    q : ndarray, shape (m,)
    gain : ndarray, shape (len(gammas), m)
        h(q).
    crossing, peak, maximum : ndarray, shape (len(gammas),)
        p0 with h(p0) = 1, p* where h is largest, and h(p*).
    crossing_loss : ndarray, shape (len(gammas),)
        l(p0) in nats.
    """

    gammas: tuple[float, ...]
    surprisal: NDArray[np.float64]
    loss: NDArray[np.float64]
    q: NDArray[np.float64]
    gain: NDArray[np.float64]
    crossing: NDArray[np.float64]
    crossing_loss: NDArray[np.float64]
    peak: NDArray[np.float64]
    maximum: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0), points: int = 400) -> Data:
    """Compute both views.

    Parameters
    ----------
    gammas
        Focusing parameters, each above 0.
    points
        Grid points of each axis.

    Returns
    -------
    Data

    Raises
    ------
    ValueError
        If a gamma is not positive: at 0 the gain is 1 and has neither peak nor crossing.
    """
    g = np.asarray(gammas, dtype=float)
    surprisal = np.linspace(0.0, 5.0, points)
    q = np.linspace(0.0, 1.0, points)
    crossing = gain_crossing(g)
    return Data(
        tuple(gammas),
        surprisal,
        focal_loss(np.exp(-surprisal), g[:, None]),
        q,
        focal_gain(q, g[:, None]),
        crossing,
        focal_loss(crossing, g),
        gain_peak(g),
        gain_maximum(g),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw focal loss against log loss on the first axes, the gain against q on the second."""
    left, right = axes
    left.plot(data.surprisal, data.surprisal, color="C5", ls=":", label="log loss (γ = 0)")
    right.axhline(1.0, color="C5", ls=":")
    for k, (gamma, colour) in enumerate(zip(data.gammas, gamma_colors(data.gammas), strict=True)):
        left.plot(data.surprisal, data.loss[k], color=colour, label=f"γ = {gamma:g}")
        left.plot(-np.log(data.crossing[k]), data.crossing_loss[k], "o", ms=5, color=colour)
        right.plot(data.q, data.gain[k], color=colour)
        right.plot(data.crossing[k], 1.0, "o", ms=5, color=colour)
        right.plot(data.peak[k], data.maximum[k], "^", ms=5, color=colour)
    left.set(title="loss paid, nats", xlabel="log loss −log q, nats", xlim=(0.0, 5.0), ylim=(0.0, 5.0))
    right.set(title="gain h(q)", xlabel="probability of the true class, q", xlim=(0.0, 1.0), ylim=(0.0, 1.5))
    left.legend(loc="upper left")
