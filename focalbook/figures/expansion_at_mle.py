"""Figure: focal loss around the maximum-likelihood estimate of two classes, and two parabolas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.entropy import focal_entropy
from focalbook.theory.loss import focal_gain, focal_gain_derivative
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """One panel for each pair of P and gamma.

    Attributes
    ----------
    p, gamma : ndarray, shape (panels,)
        Probability of the first class under the truth, focusing parameter.
    odds : ndarray, shape (panels, n)
        Log-odds of the model.
    loss, taylor, reading : ndarray, shape (panels, n)
        Focal loss above its value at Q = P; second-order expansion there; parabola of the reading, without
        slope and with the mean weight on the curvature of the cross-entropy.
    best : ndarray, shape (panels,)
        Log-odds of the minimiser.
    slope, bend, read : ndarray, shape (panels,)
        First and second derivative at Q = P, and the curvature of the reading.
    """

    p: NDArray[np.float64]
    gamma: NDArray[np.float64]
    odds: NDArray[np.float64]
    loss: NDArray[np.float64]
    taylor: NDArray[np.float64]
    reading: NDArray[np.float64]
    best: NDArray[np.float64]
    slope: NDArray[np.float64]
    bend: NDArray[np.float64]
    read: NDArray[np.float64]


def data(
    cases: tuple[tuple[float, float], ...] = ((0.5, 1.0), (0.9, 2.0)), reach: float = 2.5, points: int = 121
) -> Data:
    """Compute losses and expansions for pairs (p, gamma), log-odds within `reach` of the truth's.

    Raises
    ------
    ValueError
        A probability not inside (0, 1), or a gamma not above 0.
    """
    p, gamma = np.array(cases, dtype=float).T
    if not ((p > 0) & (p < 1)).all() or not (gamma > 0).all():
        raise ValueError(f"cases must be pairs of p in (0, 1) and gamma above 0, got {cases!r}.")
    centre = np.log(p / (1 - p))
    step = np.linspace(-reach, reach, points)
    odds = centre[:, None] + step
    both = np.stack([p, 1 - p], axis=-1)
    q = 1 / (1 + np.exp(-odds))
    pairs = np.stack([q, 1 - q], axis=-1)
    truth = np.broadcast_to(both[:, None, :], pairs.shape)
    exponent = np.broadcast_to(gamma[:, None], q.shape)
    loss = focal_entropy(truth, pairs, exponent) - focal_entropy(both, both, gamma)[:, None]
    gain = focal_gain(both, gamma[:, None])
    full = gain - (1 - both) * focal_gain_derivative(both, gamma[:, None])
    slope = p * (1 - p) * (gain[:, 1] - gain[:, 0])
    bend = p * (1 - p) * (both * full).sum(axis=1)
    read = p * (1 - p) * (both * (1 - both) ** gamma[:, None]).sum(axis=1)
    taylor = slope[:, None] * step + bend[:, None] * step**2 / 2
    best = minimizer(both, gamma)
    return Data(
        p,
        gamma,
        odds,
        loss,
        taylor,
        read[:, None] * step**2 / 2,
        np.log(best[:, 0] / best[:, 1]),
        slope,
        bend,
        read,
    )


def draw(data: Data, axes: Any) -> None:
    """Draw one panel for each pair."""
    for k, ax in enumerate(axes):
        odds, loss = data.odds[k], data.loss[k]
        ax.plot(odds, loss, color="C0", label="focal loss")
        ax.plot(odds, data.taylor[k], color="C2", ls="--", label="exact expansion")
        ax.plot(odds, data.reading[k], color="C1", ls=":", label="the reading")
        middle = odds[len(odds) // 2]
        ax.plot(middle, 0, "s", color="C5", ms=6, label="maximum likelihood")
        low = np.interp(data.best[k], odds, loss)
        ax.plot(data.best[k], low, "o", color="C3", ms=6, label="minimum of focal loss")
        ax.set(
            title=f"P = ({data.p[k]:g}, {1 - data.p[k]:.3g}), γ = {data.gamma[k]:g}",
            xlabel="log-odds of the model",
            xlim=(odds[0], odds[-1]), ylim=(1.6 * min(loss.min(), -0.02), 1.05 * loss.max()),
        )  # fmt: skip
    axes[0].set_ylabel("above its value there, nats")
    axes[0].legend(fontsize=8.5, loc="upper center")
