"""Figure: efficiency of the proper focal score on one-bit data, theory and replicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from focalbook.campaigns.onebit_focal import Scatter
from focalbook.onebit import focal_efficiency

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Efficiencies of one or two experiments.

    Attributes
    ----------
    gammas : ndarray, shape (G,)
    curves : tuple of ndarray, each (G, p)
        By formula.
    limits : tuple of ndarray, each (p,)
        For gamma without bound: the weight of the exponential loss.
    measured : tuple of Scatter
    """

    gammas: Float
    curves: tuple[Float, ...]
    limits: tuple[Float, ...]
    measured: tuple[Scatter, ...]


def exponential_efficiency(found: Scatter) -> Float:
    """Efficiency with weights 1/sqrt(p(1-p)), from the sandwich written out."""
    model, truth = found.config.model, found.config.truth
    z = model.predictor_gradient(truth[None, :])[0]
    tails = model.tails(truth)
    omega = np.exp(-0.5 * (tails.log_one + tails.log_zero))
    j, a, b = ((z * (model.trials * tails.weight * omega**k)[:, None]).T @ z for k in range(3))
    spread = np.linalg.solve(a, np.linalg.solve(a, b).T)
    return np.asarray(np.diagonal(np.linalg.inv(j)) / np.diagonal(spread))


def data(*measured: Scatter, points: int = 31) -> Data:
    """Compute the curves that belong to the measured points.

    Parameters
    ----------
    *measured
        One experiment for each panel.
    points
        Number of exponents, from 0.05 to 60.

    Raises
    ------
    ValueError
        No experiment.
    """
    if not measured:
        raise ValueError("expected at least one experiment.")
    gammas = np.geomspace(0.05, 60.0, points)
    curves = tuple(
        np.array([focal_efficiency(one.config.model, one.config.truth, float(g)) for g in gammas])
        for one in measured
    )
    return Data(gammas, curves, tuple(exponential_efficiency(one) for one in measured), measured)


def draw(data: Data, axes: Any) -> None:
    """Draw curves, limits and measured points with 99 % intervals."""
    titles = {("a", "s"): ("mean", "standard deviation"), ("mu",): ("Poisson mean",)}
    for ax, curve, limit, found in zip(
        np.atleast_1d(axes), data.curves, data.limits, data.measured, strict=True
    ):
        for j, name in enumerate(titles.get(found.config.model.names, found.config.model.names)):
            colour, mark = f"C{j}", "os"[j % 2]
            ax.plot(data.gammas, curve[:, j], color=colour, label=name)
            ax.axhline(limit[j], color=colour, ls=":", lw=1.2)
            ax.errorbar(
                found.config.gammas,
                found.efficiency[:, j],
                norm.ppf(0.995) * found.efficiency_error[:, j],
                fmt=mark,
                ms=4,
                color=colour,
                capsize=3,
            )
        ax.set(xlabel="γ", ylabel="efficiency", xscale="log", ylim=(0.5, 1.03))
        ax.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
        ax.legend(loc="lower left")
