"""Figure: curvature of the focal loss image by image in networks that have memorised their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.curvature_regions import trace_ratio_map
from focalbook.store import Record
from focalbook.theory.curvature import log_odds_curvature_ratio, unit_ratio_crossings

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Measured ratios of traces against the probability of the label.

    Attributes
    ----------
    gammas : tuple of float
        One panel each.
    label, ratio : tuple of ndarray
        For every image of every network: probability of its label, and trace of the focal Hessian over that
        of the cross-entropy, measured by automatic differentiation.
    q : ndarray, shape (n,)
        Probabilities of the curves.
    concentrated, spread : ndarray, shape (G, n)
        Theory: all of the rest in one class, and the rest shared equally. Between them lies every other way.
    crossing : tuple of float
        q_+ of each gamma.
    """

    gammas: tuple[float, ...]
    label: tuple[NDArray[np.float64], ...]
    ratio: tuple[NDArray[np.float64], ...]
    q: NDArray[np.float64]
    concentrated: NDArray[np.float64]
    spread: NDArray[np.float64]
    crossing: tuple[float, ...]


def data(records: Sequence[Record], gammas: Sequence[float] = (1.0, 5.0), points: int = 401) -> Data:
    """Collect the images of the networks of each gamma, and compute the curves."""
    classes = int(records[0].configuration["classes"])
    q = 1.0 / (1.0 + np.exp(-np.linspace(-7.0, 9.0, points)))
    label, ratio = [], []
    for gamma in gammas:
        chosen = [r.arrays for r in records if r.configuration["training"]["gamma"] == gamma]
        label.append(np.concatenate([a["label"] for a in chosen]))
        ratio.append(np.concatenate([a["focal"] / a["cross_entropy"] for a in chosen]))
    column = np.array(gammas)
    return Data(
        tuple(gammas),
        tuple(label),
        tuple(ratio),
        q,
        log_odds_curvature_ratio(q, column[:, None]),
        trace_ratio_map(classes, q, column),
        tuple(float(unit_ratio_crossings(g)[1]) for g in gammas),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw one panel for each gamma; the curves are theory, the dots are images."""
    panels = zip(np.atleast_1d(axes), data.gammas, data.label, data.ratio, strict=True)
    for k, (ax, gamma, label, ratio) in enumerate(panels):
        ax.plot(_logit(label), ratio, ".", color="C0", ms=2.5, alpha=0.5, rasterized=True, label="an image")
        ax.plot(_logit(data.q), data.concentrated[k], color="C1", lw=1.3, label="rest in one class")
        ax.plot(_logit(data.q), data.spread[k], color="C3", lw=1.3, ls="--", label="rest shared equally")
        ax.axhline(1.0, color="0.5", lw=0.8)
        ax.axvline(_logit(np.array(data.crossing[k])), color="0.5", lw=0.8, ls=":")
        places = np.array([0.01, 0.1, 0.5, 0.9, 0.99, 0.999])
        ax.set_xticks(_logit(places), [f"{x:g}" for x in places])
        ax.tick_params(axis="x", labelsize=8)
        ax.set(xlabel="probability of the label", ylim=(-0.6, 2.4), xlim=(-6, 9))
        ax.set_title(f"γ = {gamma:g}", fontsize=10)
    np.atleast_1d(axes)[0].set_ylabel("trace ratio")
    np.atleast_1d(axes)[0].legend(loc="upper right", fontsize=8)


def _logit(q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds, at most 40."""
    return np.log(q) - np.log(np.maximum(1.0 - q, 1e-18))
