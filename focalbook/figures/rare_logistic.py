"""Figure: logistic regressions fitted with focal loss to a rare event of known probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.rare_events import Fit, RareEvents
from focalbook.figures.style import gamma_colors
from focalbook.theory.limits import rare_class_limit
from focalbook.theory.minimizer import minimizer, recover

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Fits of G focusing parameters and S data sets at n places.

    Attributes
    ----------
    gammas : tuple of float
    e : ndarray, shape (n,)
        True probabilities of the event.
    q : ndarray, shape (G, S, n)
        Fitted probabilities.
    recovered : ndarray, shape (G, S, n)
        The same after the inverse map.
    best : ndarray, shape (G, n)
        What the minimiser gives to the event.
    law : ndarray, shape (G, n)
        Leading term for small e; e itself where gamma = 0.
    """

    gammas: tuple[float, ...]
    e: NDArray[np.float64]
    q: NDArray[np.float64]
    recovered: NDArray[np.float64]
    best: NDArray[np.float64]
    law: NDArray[np.float64]


def data(design: RareEvents, fits: Sequence[Fit]) -> Data:
    """Arrange the fits of a design.

    Parameters
    ----------
    design
        What was run.
    fits
        What came out, one fit for each gamma and seed.
    """
    e = design.posterior
    pairs = np.stack([1.0 - e, e], axis=-1)
    q, recovered, best, law = [], [], [], []
    for gamma in design.gammas:
        found = np.array([one.probability(design.x) for one in fits if one.gamma == gamma])
        q.append(found)
        recovered.append(recover(np.stack([1.0 - found, found], axis=-1), gamma)[..., 1])
        best.append(minimizer(pairs, gamma)[:, 1])
        law.append(rare_class_limit(e, gamma) if gamma > 0 else e)
    return Data(design.gammas, e, np.array(q), np.array(recovered), np.array(best), np.array(law))


def draw(data: Data, axes: Any) -> None:
    """Draw fitted probabilities and the law on the left, recovered ones over the truth on the right."""
    left, right = axes
    for k, (gamma, colour) in enumerate(zip(data.gammas, gamma_colors(data.gammas), strict=True)):
        left.fill_between(
            data.e, data.q[k].min(axis=0), data.q[k].max(axis=0), color=colour, alpha=0.35, lw=0
        )
        left.plot(data.e, np.median(data.q[k], axis=0), color=colour, label=f"γ = {gamma:g}")
        left.plot(data.e, data.law[k], color=colour, ls=":", lw=1.6)
        ratio = data.recovered[k] / data.e
        right.fill_between(data.e, ratio.min(axis=0), ratio.max(axis=0), color=colour, alpha=0.25, lw=0)
        right.plot(data.e, np.median(ratio, axis=0), color=colour)
    right.axhline(1.0, color="C5", ls="--", lw=1.2)
    left.set(yscale="log", ylabel="fitted probability", title="as trained")
    left.legend(loc="lower right")
    right.set(ylabel="recovered / true probability", title="after recovery", ylim=(0.0, 2.0))
    for ax in axes:
        ax.set(xscale="log", xlabel="true probability e of the event")
