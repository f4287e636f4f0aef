"""Figure: the weight (1-q)^gamma, and the factors that really stand on the curvature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.loss import focal_gain, focal_gain_derivative

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Factors relative to the cross-entropy at the same logits.

    Attributes
    ----------
    gamma : float
        Focusing parameter of the left panel.
    q : ndarray, shape (n,)
        Probability of the label.
    weight, gain, full : ndarray, shape (n,)
        (1-q)^gamma, h(q), and b(q) = h(q) - (1-q) h'(q), the factor of two classes.
    gammas : tuple of float
        Focusing parameters of the right panel.
    understated : ndarray, shape (gammas, n)
        b(q) / (1-q)^gamma.
    """

    gamma: float
    q: NDArray[np.float64]
    weight: NDArray[np.float64]
    gain: NDArray[np.float64]
    full: NDArray[np.float64]
    gammas: tuple[float, ...]
    understated: NDArray[np.float64]


def data(gamma: float = 2.0, gammas: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0), points: int = 400) -> Data:
    """Compute the factors.

    Parameters
    ----------
    gamma, gammas
        Focusing parameters, above 0.
    points
        Number of probabilities.

    Raises
    ------
    ValueError
        A focusing parameter that is not above 0: at 0 all factors are one.
    """
    if not min(gamma, *gammas) > 0:
        raise ValueError(f"gamma must be above 0, got {min(gamma, *gammas)}: at 0 all factors are one.")
    q = np.linspace(1e-4, 1 - 1e-4, points)

    def full(g: float) -> NDArray[np.float64]:
        return focal_gain(q, g) - (1 - q) * focal_gain_derivative(q, g)

    ratio = np.stack([full(g) / (1 - q) ** g for g in gammas])
    return Data(gamma, q, (1 - q) ** gamma, focal_gain(q, gamma), full(gamma), gammas, ratio)


def draw(data: Data, axes: Any) -> None:
    """Draw the factors on the first axes, the understatement on the second."""
    left, right = axes
    left.axhline(1.0, color="C5", lw=1.0, ls=":")
    left.plot(data.q, data.weight, color="C1", ls="--", label="weight (1−q)^γ")
    left.plot(data.q, data.gain, color="C2", ls="-.", label="gain h(q)")
    left.plot(data.q, data.full, color="C0", label="exact, two classes, b(q)")
    left.set(title=f"γ = {data.gamma:g}", ylabel="times cross-entropy", ylim=(-0.5, 3.2))
    left.legend(fontsize=9, loc="upper right")
    for gamma, colour, curve in zip(data.gammas, gamma_colors(data.gammas), data.understated, strict=True):
        right.plot(data.q, curve, color=colour, label=f"γ = {gamma:g}")
        right.plot(1.0, (1 + gamma) ** 2, "o", color=colour, ms=5, clip_on=False)
    right.axhline(1.0, color="C5", lw=1.0, ls=":")
    right.axvline(np.exp(-2.0), color="C5", lw=1.0)
    right.annotate("q = e⁻²", (np.exp(-2.0), 42), (4, -2), textcoords="offset points", fontsize=9)
    right.set(title="exact / weight", yscale="log", ylim=(0.5, 60))
    right.legend(fontsize=9, loc="lower right", ncols=2)
    for ax in axes:
        ax.set(xlabel="probability of the label, q", xlim=(0, 1))
