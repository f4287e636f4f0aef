"""Figure: certificates of optimal thresholds: what one more bit would add, at every threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit import Gaussian, design

__all__ = ["NAMES", "Data", "data", "draw"]

#: Criteria and what they are called in the figure.
NAMES = {"D": "both (D)", "A": "sum of variances (A)", "s": "std. deviation", "a": "mean"}


@dataclass(frozen=True)
class Data:
    """Optimal designs for mean 0 and standard deviation 1.

    Attributes
    ----------
    z : ndarray, shape (n,)
        Predictors.
    sensitivity : dict
        For each criterion the sensitivity, shape (n,): at most one everywhere if the design is optimal.
    support : dict
        For each criterion the predictors that get bits.
    bound : dict
        Certified efficiency of each design.
    """

    z: NDArray[np.float64]
    sensitivity: dict[str, NDArray[np.float64]]
    support: dict[str, NDArray[np.float64]]
    bound: dict[str, float]


def data(criteria: tuple[str, ...] = ("D", "A", "s", "a"), reach: float = 4.0, points: int = 401) -> Data:
    """Find the designs and their sensitivities.

    Parameters
    ----------
    criteria
        Some of "D", "A", "s", "a".
    reach
        Largest predictor, above 0.
    points
        Number of predictors.

    Raises
    ------
    ValueError
        An unknown criterion, or a reach that is not positive.
    """
    if not reach > 0:
        raise ValueError(f"reach must be above 0, got {reach}.")
    z = np.linspace(-reach, reach, points)
    candidates = Gaussian(1.0, -z)
    best = {name: design.gaussian([0.0, 1.0], name) for name in criteria}
    return Data(
        z,
        {name: one.sensitivity(candidates) for name, one in best.items()},
        {name: one.predictors() for name, one in best.items()},
        {name: one.efficiency_bound for name, one in best.items()},
    )


def draw(data: Data, ax: Any) -> None:
    """Draw every sensitivity with its support."""
    styles = ("-", "--", "-.", ":")
    for k, (name, values) in enumerate(data.sensitivity.items()):
        ax.plot(data.z, values, color=f"C{k}", ls=styles[k % 4], label=NAMES[name])
        ax.plot(data.support[name], np.ones(data.support[name].size), "o", color=f"C{k}", ms=7 - k)
    ax.axhline(1.0, color="C5", lw=0.8)
    ax.set(
        xlabel="distance of the threshold, z",
        ylabel="sensitivity",
        xlim=(data.z[0], data.z[-1]),
        ylim=(0, 1.45),
    )
    ax.legend(loc="upper center", ncols=2)
