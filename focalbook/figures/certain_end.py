"""Slope and curvature of focal loss as the true class becomes certain: claim GC-8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.loss import focal_curvature, focal_slope

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Curves over the doubt c = 1 - q that is left.

    Attributes
    ----------
    gammas : tuple of float
        Positive.
    doubt : ndarray, shape (n,)
        c = 1 - q, falling towards 0.
    slope, curvature : ndarray, shape (len(gammas), n)
        -l'(q) and l''(q).
    slope_limit, curvature_limit : ndarray, shape (len(gammas), n)
        Leading terms (1 + gamma) c^gamma and gamma (1 + gamma) c^(gamma-1).
    """

    gammas: tuple[float, ...]
    doubt: NDArray[np.float64]
    slope: NDArray[np.float64]
    curvature: NDArray[np.float64]
    slope_limit: NDArray[np.float64]
    curvature_limit: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.25, 0.5, 1.0, 1.5, 2.0), points: int = 200) -> Data:
    """Compute curves and leading terms for 1 - q between 1/2 and 1e-6.

    Parameters
    ----------
    gammas
        Focusing parameters, each above 0.
    points
        Grid points, even in the logarithm of 1 - q.

    Returns
    -------
    Data
    """
    g = np.asarray(gammas, dtype=float)[:, None]
    doubt = 1.0 - (1.0 - np.geomspace(0.5, 1e-6, points))  # the doubt that float64 holds in q = 1 - c
    q = 1.0 - doubt
    return Data(
        tuple(gammas),
        doubt,
        focal_slope(q, g),
        focal_curvature(q, g),
        (1.0 + g) * doubt**g,
        g * (1.0 + g) * doubt ** (g - 1.0),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw slopes on the first axes, curvatures on the second, both with their leading terms dotted."""
    pairs = ((data.slope, data.slope_limit), (data.curvature, data.curvature_limit))
    for ax, (curves, limits) in zip(axes, pairs, strict=True):
        for k, colour in enumerate(gamma_colors(data.gammas)):
            ax.plot(data.doubt, curves[k], color=colour, label=f"γ = {data.gammas[k]:g}")
            ax.plot(data.doubt, limits[k], color=colour, ls=":", lw=1.0)
        ax.set(xscale="log", yscale="log", xlabel="doubt left, 1 − q", xlim=(0.5, 1e-6))
    axes[0].set(title="−l′(q)", ylim=(1e-13, 10.0))
    axes[1].set(title="l″(q)", ylim=(1e-6, 1e5))
    axes[0].legend(loc="lower left")
