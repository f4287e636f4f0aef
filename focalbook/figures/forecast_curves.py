"""Focal-entropy of a two-class forecast, for one true distribution and several gamma."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.entropy import focal_entropy
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Focal-entropies F((p, 1-p), (q, 1-q)).

    Attributes
    ----------
    truths : tuple of float
        p, the true probability of the first class: one panel each.
    gammas : tuple of float
    q : ndarray, shape (n,)
        Forecast probability of the first class.
    value : ndarray, shape (len(truths), len(gammas), n)
        F in nats.
    best, least : ndarray, shape (len(truths), len(gammas))
        The forecast with the smallest F, and that F.
    """

    truths: tuple[float, ...]
    gammas: tuple[float, ...]
    q: NDArray[np.float64]
    value: NDArray[np.float64]
    best: NDArray[np.float64]
    least: NDArray[np.float64]


def _pair(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([x, 1.0 - x], axis=-1)


def data(
    truths: Sequence[float] = (0.7, 0.97),
    gammas: Sequence[float] = (0.0, 0.5, 1.0, 2.0, 5.0),
    points: int = 300,
) -> Data:
    """Compute the curves and their minima.

    Parameters
    ----------
    truths
        True probabilities of the first class, in (0, 1).
    gammas
        Focusing parameters, each at least 0.
    points
        Forecasts between 0.01 and 0.9999, denser near the upper end.

    Returns
    -------
    Data
    """
    q = 0.9999 - 0.9899 * np.linspace(1.0, 0.0, points) ** 2
    p, g = np.asarray(truths)[:, None, None], np.asarray(gammas, dtype=float)[None, :, None]
    shape = np.broadcast_shapes(p.shape, g.shape, q.shape)
    truth = np.broadcast_to(_pair(p), (*shape, 2))
    value = focal_entropy(truth, np.broadcast_to(_pair(q), truth.shape), np.broadcast_to(g, shape))
    corner = np.ascontiguousarray(truth[:, :, 0])
    level = np.broadcast_to(g[..., 0], corner.shape[:-1])
    best = minimizer(corner, level)
    return Data(tuple(truths), tuple(gammas), q, value, best[..., 0], focal_entropy(corner, best, level))


def draw(data: Data, axes: Any) -> None:
    """Draw one panel for each true distribution, with a mark at each minimum and a line at q = p."""
    for ax, truth, value, best, least in zip(
        axes, data.truths, data.value, data.best, data.least, strict=True
    ):
        ax.axvline(truth, color="C5", ls=":")
        for k, colour in enumerate(gamma_colors(data.gammas)):
            ax.plot(data.q, value[k], color=colour, label=f"γ = {data.gammas[k]:g}")
            ax.plot(best[k], least[k], "o", ms=6, color=colour)
        ax.set(title=f"F(P, Q), nats, p = {truth:g}", xlabel="forecast q of the first class")
        ax.set(xlim=(0.3, 1.0), ylim=(0.0, 1.6))
    axes[0].legend(loc="upper left", ncols=2)
