"""Figure: the focal Bayes risk of two classes, and the tangent that makes a proper score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.minimizer import bayes_risk
from focalbook.theory.scores import proper_score

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Risk of two classes, and one tangent of it.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters, G of them.
    p : ndarray, shape (n,)
        Probability of the first class.
    risk : ndarray, shape (G, n)
        G(p, 1-p) in nats for each of them.
    gamma : float
        Focusing parameter of the tangent.
    curve, tangent : ndarray, shape (n,)
        Risk at that gamma, and its tangent at the forecast.
    forecast, truth : float
        Where the tangent touches, and where the gap is shown.
    ends : ndarray, shape (2,)
        The tangent at p = 0 and p = 1: the score of the forecast if the second and the first class occur.
    """

    gammas: tuple[float, ...]
    p: NDArray[np.float64]
    risk: NDArray[np.float64]
    gamma: float
    curve: NDArray[np.float64]
    tangent: NDArray[np.float64]
    forecast: float
    truth: float
    ends: NDArray[np.float64]


def data(
    gammas: Sequence[float] = (0.0, 0.5, 1.0, 2.0, 5.0),
    gamma: float = 2.0,
    forecast: float = 0.85,
    truth: float = 0.5,
    points: int = 401,
) -> Data:
    """Compute the curves.

    Parameters
    ----------
    gammas, gamma
        Focusing parameters of the left panel and of the right one.
    forecast, truth
        Probabilities of the first class, in (0, 1).
    points
        Number of probabilities.
    """
    p = np.linspace(0.0, 1.0, points)
    pairs = np.stack([p, 1.0 - p], axis=-1)
    risk = np.stack([bayes_risk(pairs, g) for g in gammas])
    score = proper_score(np.array([forecast, 1.0 - forecast]), gamma)
    return Data(
        tuple(gammas),
        p,
        risk,
        gamma,
        bayes_risk(pairs, gamma),
        pairs @ score,
        forecast,
        truth,
        score[::-1],
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the risks on the first axes, and one of them with its tangent on the second."""
    left, right = axes
    for gamma, colour, risk in zip(data.gammas, gamma_colors(data.gammas), data.risk, strict=True):
        left.plot(data.p, risk, color=colour)
        left.annotate(
            f"γ = {gamma:g}", (0.5, risk.max()), (0, 3), textcoords="offset points", color=colour, fontsize=9,
            ha="center", va="bottom",
        )  # fmt: skip
    left.set(xlabel="probability of the first class", ylabel="G(P), nats", xlim=(0, 1), ylim=(0, 0.78))
    right.plot(data.p, data.curve, color="C0", label="G")
    right.plot(data.p, data.tangent, color="C1", ls="--", label="tangent at the forecast")
    right.plot(data.forecast, np.interp(data.forecast, data.p, data.curve), "o", color="C1", ms=6)
    low, high = (np.interp(data.truth, data.p, line) for line in (data.curve, data.tangent))
    right.annotate("", (data.truth, high), (data.truth, low), arrowprops={"arrowstyle": "<->", "color": "C3"})
    right.annotate(
        "price of the\nwrong forecast", (data.truth, 0.5 * (low + high)), (-6, 0), textcoords="offset points",
        color="C3", fontsize=9, ha="right", va="center",
    )  # fmt: skip
    for place, name, offset, side in ((0, "2nd", (10, -40), "left"), (1, "1st", (-32, 0), "right")):
        right.plot(place, data.ends[place], "s", color="C1", ms=5, clip_on=False)
        right.annotate(
            f"score if\n{name} occurs", (place, data.ends[place]), offset,
            textcoords="offset points", ha=side, va="center", fontsize=8.5, color="C1",
        )  # fmt: skip
    right.set(xlabel="probability of the first class", xlim=(0, 1), ylim=(0, 1.3 * data.ends.max()))
    right.set_title(f"γ = {data.gamma:g}")
    right.legend(loc="upper right", fontsize=9)
