"""Figure: which errors of a forecast focal loss forgives, compared with Kullback and Leibler's divergence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.entropy import kl_divergence
from focalbook.theory.loss import focal_curvature
from focalbook.theory.minimizer import minimizer, multiplier
from focalbook.theory.scores import focal_divergence

__all__ = ["Data", "data", "draw", "exchange_rate"]


@dataclass(frozen=True)
class Data:
    """Ratios of focal divergence and Kullback-Leibler divergence, two classes.

    Attributes
    ----------
    gamma : float
        Focusing parameter of the map.
    logit : ndarray, shape (n,)
        Log-odds of truths and of forecasts on the map.
    ratio : ndarray, shape (n, n)
        The ratio for large errors; rows are forecasts, columns truths; the diagonal holds its limit.
    gammas : tuple of float
        Focusing parameters of the curves, G of them.
    p : ndarray, shape (m,)
        Probability of the rarer class.
    rate : ndarray, shape (G, m)
        The ratio for small errors.
    """

    gamma: float
    logit: NDArray[np.float64]
    ratio: NDArray[np.float64]
    gammas: tuple[float, ...]
    p: NDArray[np.float64]
    rate: NDArray[np.float64]


def exchange_rate(p: NDArray[np.float64], gamma: float) -> NDArray[np.float64]:
    """Limit of the ratio for small errors at (p, 1-p): lambda^2 / (p (1-p) (p l''(q) + (1-p) l''(1-q))).

    Parameters
    ----------
    p : ndarray, in (0, 1)
    gamma : float, >= 0
    """
    pairs = np.stack([p, 1.0 - p], axis=-1)
    bend = (pairs * focal_curvature(minimizer(pairs, gamma), gamma)).sum(axis=-1)
    return multiplier(pairs, gamma) ** 2 / (pairs.prod(axis=-1) * bend)


def data(
    gamma: float = 2.0, gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0), span: float = 7.0, cells: int = 71
) -> Data:
    """Compute map and curves.

    Parameters
    ----------
    gamma, gammas
        Focusing parameters of the map and of the curves, above 0.
    span
        Largest log-odds on the map.
    cells
        Its resolution.
    """
    logit = np.linspace(-span, span, cells)
    p = 1.0 / (1.0 + np.exp(-logit))
    pairs = np.stack([p, 1.0 / (1.0 + np.exp(logit))], axis=-1)
    truth = np.broadcast_to(pairs, (cells, cells, 2))
    forecast = np.broadcast_to(pairs[:, None], (cells, cells, 2))
    with np.errstate(invalid="ignore"):
        ratio = focal_divergence(truth, forecast, gamma) / kl_divergence(truth, forecast)
    np.fill_diagonal(ratio, exchange_rate(p, gamma))
    rare = np.geomspace(1e-8, 0.5, 200)
    rate = np.stack([exchange_rate(rare, g) for g in gammas])
    return Data(gamma, logit, ratio, tuple(gammas), rare, rate)


def draw(data: Data, axes: Any) -> None:
    """Draw the map of the ratio for large errors, and the curves for small ones."""
    left, right = axes
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    colours = LinearSegmentedColormap.from_list("share", ["#f7f7f7", cycle[0]])
    image = left.pcolormesh(
        data.logit, data.logit, data.ratio, cmap=colours, vmin=0.0, shading="nearest", rasterized=True
    )
    left.plot(data.logit[[0, -1]], data.logit[[0, -1]], color="#1f2328", ls="--", lw=1.0)
    ticks = np.array([0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999])
    names = ["0.001", "0.01", "0.1", "0.5", "0.9", "0.99", "0.999"]
    left.set_xticks(np.log(ticks / (1 - ticks)), names, rotation=45)
    left.set_yticks(np.log(ticks / (1 - ticks)), names)
    left.set(xlabel="true probability", ylabel="forecast", title=f"focal divergence / KL, γ = {data.gamma:g}")
    left.grid(visible=False)
    left.figure.colorbar(image, ax=left, pad=0.02)
    for gamma, colour, rate in zip(data.gammas, gamma_colors(data.gammas), data.rate, strict=True):
        right.plot(data.p, rate, color=colour, label=f"γ = {gamma:g}")
        right.plot(data.p[0], 1.0 / (1.0 + gamma), "<", color=colour, ms=7, clip_on=False)
    right.axhline(1.0, color="C5", ls="--", lw=1.0)
    right.set(xscale="log", xlabel="probability of the rarer class", title="the same ratio for small errors")
    right.set(ylim=(0, 1.05), xlim=(data.p[0], data.p[-1]))
    right.legend(loc="upper left", bbox_to_anchor=(0.0, 0.96), ncols=2, fontsize=9)
