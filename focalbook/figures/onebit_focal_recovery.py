"""Figure: errors of fitted probabilities in the limit, before and after the inverse map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.onebit_focal import Errors, designs, errors
from focalbook.onebit import Poisson, focal_limit

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Largest errors over the cells.

    Attributes
    ----------
    gammas : ndarray, shape (G,)
    by_link : dict of Errors
    means : ndarray, shape (m,)
        True means of the Poisson design with thresholds 1 and 4.
    before, after : ndarray, shape (m,)
        Errors for it at `gamma`.
    gamma : float
    """

    gammas: Float
    by_link: dict[str, Errors]
    means: Float
    before: Float
    after: Float
    gamma: float


def data(gamma: float = 2.0, points: int = 41) -> Data:
    """Compute limits for three designs over gamma, and for one over its mean.

    Parameters
    ----------
    gamma
        Focusing parameter of the second panel, above 0.
    points
        Number of means.

    Raises
    ------
    ValueError
        `gamma` not above 0.
    """
    if not gamma > 0:
        raise ValueError(f"gamma must be above 0, got {gamma}.")
    gammas = np.geomspace(0.1, 10.0, 13)
    means = np.geomspace(0.3, 8.0, points)
    model = Poisson(1.0, [1, 4])
    before, after = np.empty(points), np.empty(points)
    for k, mean in enumerate(means):
        p = model.probabilities([mean])
        limit = focal_limit(model, p, 1.0, gamma)
        before[k] = np.abs(limit.probabilities - p).max()
        after[k] = np.abs(limit.recovered_probabilities - p).max()
    by_link = {name: errors(*design, gammas) for name, design in designs().items()}
    return Data(gammas, by_link, means, before, after, gamma)


def draw(data: Data, axes: Any) -> None:
    """Draw errors over gamma on the first axes, errors over the mean on the second."""
    left, right = axes
    for (name, found), colour in zip(data.by_link.items(), ("C0", "C2", "C1"), strict=True):
        left.loglog(data.gammas, found.before, color=colour, ls="--")
        left.loglog(data.gammas, found.after, color=colour, label=name)
    left.set(xlabel="γ", ylabel="largest error of a probability", ylim=(1e-7, 1))
    left.set_xticks([0.1, 0.3, 1, 3, 10], ["0.1", "0.3", "1", "3", "10"])
    left.legend(loc="lower left")
    harm = data.after > data.before
    right.fill_between(data.means, 0, 1, where=harm, color="C3", alpha=0.15, lw=0, label="recovery harms")
    right.plot(data.means, data.before, color="C1", ls="--", label="before")
    right.plot(data.means, data.after, color="C1", label="after")
    right.set(xlabel="true mean", ylabel="", xscale="log", ylim=(0, 0.32), xlim=data.means[[0, -1]])
    right.set_xticks([0.3, 1, 3, 8], ["0.3", "1", "3", "8"])
    right.set_xticks([], minor=True)
    right.legend(loc="upper right", fontsize=9)
