"""Figure: information of one bit against its predictor, from the mean to the far tails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit import Gaussian

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """One bit with w = 1, against the draw itself.

    Attributes
    ----------
    z, far : ndarray, shape (n,)
        Predictors of the left and of the right panel.
    mean, deviation : ndarray, shape (n,)
        Efficiency for a, omega(z), and for s, z^2 omega(z)/2, each with the other parameter known.
    log10_weight, log10_bound : ndarray, shape (n,)
        Base-10 logarithms of omega and of its Gaussian bound over `far`.
    budget : float
        Proved bound on the sum of both efficiencies.
    """

    z: NDArray[np.float64]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    far: NDArray[np.float64]
    log10_weight: NDArray[np.float64]
    log10_bound: NDArray[np.float64]
    budget: float


def data(reach: float = 4.0, far: float = 35.0, points: int = 401) -> Data:
    """Compute both panels.

    Parameters
    ----------
    reach, far
        Largest predictor on the left and on the right, above 0.
    points
        Number of predictors.

    Raises
    ------
    ValueError
        A range that is not positive.
    """
    if not (reach > 0 and far > 0):
        raise ValueError(f"reach and far must be above 0, got {reach} and {far}.")
    z, long = np.linspace(-reach, reach, points), np.linspace(-far, far, points)
    bit = Gaussian(1.0, 0.0)
    share = bit.predict(z).weight
    tails = bit.predict(long)
    logarithm = np.log10(tails.slope_one) + np.log10(-tails.slope_zero)
    bound = np.log10(2 / np.pi) - (1 - 2 / np.pi) * long**2 / np.log(10)
    budget = float(np.exp(1 - 4 / np.pi) / (np.pi - 2))
    return Data(z, share, share * z**2 / 2, long, logarithm, bound, budget)


def draw(data: Data, axes: Any) -> None:
    """Draw efficiencies on the first axes and the tails on the second."""
    left, right = axes
    left.plot(data.z, data.mean, color="C0", label="mean")
    left.plot(data.z, data.deviation, color="C1", ls="--", label="std. deviation")
    left.plot(data.z, data.mean + data.deviation, color="C2", ls="-.", label="sum")
    left.axhline(data.budget, color="C5", ls=":", lw=1.2)
    left.set(
        xlabel="distance of the threshold, z",
        ylabel="efficiency",
        xlim=(data.z[0], data.z[-1]),
        ylim=(0, 0.98),
    )
    left.legend(loc="upper center", ncols=3, columnspacing=0.9, handlelength=1.6, handletextpad=0.4)
    right.plot(data.far, data.log10_weight, color="C0", label="one bit")
    right.plot(data.far, data.log10_bound, color="C5", ls=":", label="Gaussian bound")
    right.set(
        xlabel="distance of the threshold, z", ylabel="log₁₀ of information", xlim=(data.far[0], data.far[-1])
    )
    right.legend(loc="lower center")
