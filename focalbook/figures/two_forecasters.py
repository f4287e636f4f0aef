"""Figure: an informed, honest forecaster against a less informed one, judged in several ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from scipy.special import softmax

from focalbook.theory.loss import focal_loss
from focalbook.theory.minimizer import minimizer, recover
from focalbook.theory.scores import proper_score

__all__ = ["JUDGES", "Data", "data", "draw"]

#: Ways to judge, in the order of `Data.gap`; the last one first undoes what training with focal loss did.
JUDGES = (
    "plain focal loss",
    "proper focal score",
    "log score",
    "Brier score",
    "proper focal score, B recovered",
    "log score, B recovered",
)


@dataclass(frozen=True)
class Data:
    """Mean differences of penalties, B minus A, on one sample.

    Attributes
    ----------
    gamma : float
        Focusing parameter of the focal scores, and of the training that B went through.
    cases : int
        Sample size.
    gap, half_width : ndarray, shape (6,)
        Mean difference for each of `JUDGES`, above 0 where A is better, and half the width of its 95 %
        interval (normal approximation).
    """

    gamma: float
    cases: int
    gap: NDArray[np.float64]
    half_width: NDArray[np.float64]


def data(gamma: float = 2.0, cases: int = 20_000, hidden: float = 0.8, seed: int = 0) -> Data:
    """Simulate labels of three classes and let both forecasters speak.

    The log-odds of the classes are 2 Z + hidden V w, with Z three standard normal numbers, V = 1 or -1 with
    equal probability and w = (1, -1, 0). A knows Z and V, and says what is true. B knows Z alone: it averages
    the truth over V, which is calibrated, and then says the minimiser of that, as a model trained with
    focal loss does.

    Parameters
    ----------
    gamma
        Focusing parameter.
    cases
        Number of cases.
    hidden
        Size of what B does not know.
    seed
        Seed of the random numbers.
    """
    rng = np.random.default_rng(seed)
    base, side = 2.0 * rng.normal(size=(cases, 3)), rng.choice([-1.0, 1.0], cases)
    both = [softmax(base + sign * hidden * np.array([1.0, -1.0, 0.0]), axis=1) for sign in (-1.0, 1.0)]
    truth = np.where(side[:, None] > 0, both[1], both[0])
    label = (truth.cumsum(axis=1) < rng.random((cases, 1))).sum(axis=1).clip(max=2)[:, None]
    said = minimizer(0.5 * (both[0] + both[1]), gamma)
    undone = recover(said, gamma)

    def at(penalty: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.take_along_axis(penalty, label, axis=1)[:, 0]

    def brier(q: NDArray[np.float64]) -> NDArray[np.float64]:
        return ((q - (np.arange(3) == label)) ** 2).sum(axis=1)

    gaps = np.stack(
        [
            at(focal_loss(said, gamma) - focal_loss(truth, gamma)),
            at(proper_score(said, gamma) - proper_score(truth, gamma)),
            at(np.log(truth) - np.log(said)),
            brier(said) - brier(truth),
            at(proper_score(undone, gamma) - proper_score(truth, gamma)),
            at(np.log(truth) - np.log(undone)),
        ]
    )
    return Data(gamma, cases, gaps.mean(axis=1), 1.96 * gaps.std(axis=1, ddof=1) / np.sqrt(cases))


def draw(data: Data, ax: Any) -> None:
    """Draw each mean difference with its interval; wrong choices have another colour."""
    rows = np.arange(len(JUDGES))[::-1]
    for row, gap, half in zip(rows, data.gap, data.half_width, strict=True):
        ax.errorbar(gap, row, xerr=half, fmt="o", color="C1" if gap < 0 else "C0", ms=6, capsize=3)
    ax.axvline(0.0, color="C5", ls="--", lw=1.2)
    ax.set_yticks(rows, JUDGES)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.set(xlabel="mean penalty of B minus that of A", ylim=(-0.6, len(JUDGES) - 0.4))
    ax.set_title(f"γ = {data.gamma:g}: right of the line A wins")
