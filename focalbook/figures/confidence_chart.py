"""Figure: what stands behind a reported confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.loss import focal_gain, gain_maximum, gain_peak
from focalbook.theory.minimizer import recover

__all__ = ["Data", "band", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Posterior of the top class for each reported confidence.

    Attributes
    ----------
    gammas : tuple of float
    reported : ndarray, shape (n,)
    low, high : ndarray, shape (gammas, n)
        Bounds over all ways in which the rest may be distributed.
    pair : ndarray, shape (gammas, n)
        With two classes; NaN below one half.
    """

    gammas: tuple[float, ...]
    reported: Float
    low: Float
    high: Float
    pair: Float


def band(reported: Float, gamma: float) -> tuple[Float, Float]:
    """Bounds on p_max behind a reported q_max in (0, 1), whatever the other classes are.

    p_max = (q/h(q)) / sum_j q_j/h(q_j), and the others, of total mass 1 - q and none above
    min(q, 1 - q), weigh between 1/max h and 1/min h. h has one maximum, so its least value on an interval
    lies at an end, and the least at 0 is h(0) = 1.
    """
    q = np.asarray(reported, dtype=float)
    top = np.minimum(q, 1 - q)
    most = np.where(top > gain_peak(gamma), gain_maximum(gamma), focal_gain(top, gamma))
    least = np.minimum(1.0, focal_gain(top, gamma))
    own = q / focal_gain(q, gamma)
    return own / (own + (1 - q) / least), own / (own + (1 - q) / most)


def data(gammas: Sequence[float] = (1.0, 2.0, 5.0)) -> Data:
    """Compute the bounds for reported confidences from 0.01 to 0.99."""
    q = np.linspace(0.01, 0.99, 99)
    bands = [band(q, gamma) for gamma in gammas]
    pair = np.array([recover(np.stack([q, 1 - q], axis=1), gamma)[:, 0] for gamma in gammas])
    pair[:, q < 0.5] = np.nan
    low, high = (np.array([b[k] for b in bands]) for k in (0, 1))
    return Data(tuple(gammas), q, low, high, pair)


def draw(data: Data, axes: Any) -> None:
    """Draw a panel for each gamma: the band, two classes, and the diagonal."""
    colors = gamma_colors(data.gammas)
    for k, (ax, gamma) in enumerate(zip(axes, data.gammas, strict=True)):
        ax.plot([0, 1], [0, 1], color="C5", linewidth=1.0)
        ax.fill_between(data.reported, data.low[k], data.high[k], color=colors[k], alpha=0.35, linewidth=0)
        ax.plot(data.reported, data.pair[k], color=colors[k], label="two classes")
        ax.set(xlim=(0, 1), ylim=(0, 1), title=f"γ = {gamma:g}", xlabel="reported confidence", aspect="equal")
    axes[0].set_ylabel("posterior of the top class")
    axes[0].legend(loc="lower right")
