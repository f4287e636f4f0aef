"""The second derivative of focal loss in q, in units of the log loss, and the margin of claim FE-2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.loss import focal_curvature

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Curves over the probability of the true class.

    Attributes
    ----------
    gammas, small : tuple of float
        Focusing parameters of `ratio`, and those in (0, 1) of `margin`.
    q : ndarray, shape (n,)
        Points inside (0, 1), even in the log-odds.
    ratio : ndarray, shape (len(gammas), n)
        q^2 l''(q): curvature of focal loss divided by that of the log loss.
    margin : ndarray, shape (len(small), n)
        l''(q) divided by the positive lower bound of claim FE-2 for gamma < 1. At least 1.
    """

    gammas: tuple[float, ...]
    small: tuple[float, ...]
    q: NDArray[np.float64]
    ratio: NDArray[np.float64]
    margin: NDArray[np.float64]


def data(
    gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0),
    small: Sequence[float] = (0.1, 0.3, 0.5, 0.7, 0.9),
    points: int = 400,
) -> Data:
    """Compute both families of curves.

    Parameters
    ----------
    gammas
        Focusing parameters of the ratio, each at least 0.
    small
        Focusing parameters of the margin, each in (0, 1).
    points
        Grid points.

    Returns
    -------
    Data

    Raises
    ------
    ValueError
        If a value in `small` is outside (0, 1): above 1 all terms of l'' are positive and no bound is needed.
    """
    g = np.asarray(small, dtype=float)[:, None]
    if not ((g > 0) & (g < 1)).all():
        raise ValueError(f"small must lie in (0, 1), got {tuple(small)}")
    log_odds = np.linspace(-7.0, 7.0, points)
    q, c = 1.0 / (1.0 + np.exp(-log_odds)), 1.0 / (1.0 + np.exp(log_odds))
    s = c / q
    bound = c ** (g - 2.0) * (g * (1.0 + g) * s + s**2)
    columns = np.asarray(gammas, dtype=float)[:, None]
    return Data(
        tuple(gammas), tuple(small), q, q**2 * focal_curvature(q, columns), focal_curvature(q, g) / bound
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the ratio on the first axes and the margin on the second."""
    left, right = axes
    left.axhline(1.0, color="C5", ls=":", label="log loss")
    for gamma, colour, curve in zip(data.gammas, gamma_colors(data.gammas), data.ratio, strict=True):
        left.plot(data.q, curve, color=colour, label=f"γ = {gamma:g}")
    left.set(title="q² l″(q)", yscale="log", ylim=(1e-3, 20.0))
    right.axhline(1.0, color="C5", ls=":")
    for gamma, colour, curve in zip(data.small, gamma_colors(data.small), data.margin, strict=True):
        right.plot(data.q, curve, color=colour, label=f"γ = {gamma:g}")
    right.set(title="l″(q) / lower bound", ylim=(0.995, 1.08))
    for ax in axes:
        ax.set(xlabel="probability of the true class, q", xlim=(0.0, 1.0))
    left.legend(loc="lower left")
    right.legend(loc="upper center", ncols=2)
