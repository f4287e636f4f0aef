"""Figure: coverage of intervals, and errors against the number of bits, for focal one-bit estimators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.onebit_focal import ESTIMATORS, LargeSample, Scatter

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Coverage against gamma, and root mean square errors against bits.

    Attributes
    ----------
    gammas : ndarray, shape (G,)
    lines : dict of ndarray, each (G,)
        Coverage for one parameter, by estimator, interval and target.
    level, noise : float
        Nominal coverage, and its standard error.
    large : LargeSample
    """

    gammas: Float
    lines: dict[str, Float]
    level: float
    noise: float
    large: LargeSample


def data(found: Scatter, large: LargeSample, parameter: int = 0) -> Data:
    """Select what is drawn.

    Parameters
    ----------
    found
        The replicates.
    large
        Errors against bits.
    parameter
        Which parameter the coverage is of.
    """
    c = found.coverage[..., parameter]
    lines = {
        "proper, sandwich": c[1, 0, 1],
        "plain, sandwich, of its limit": c[0, 0, 0],
        "plain, sandwich, of the truth": c[0, 0, 1],
        "proper, naive": c[1, 1, 1],
    }
    return Data(np.array(found.config.gammas), lines, found.config.level, found.coverage_error, large)


def draw(data: Data, axes: Any) -> None:
    """Draw the coverage on the first axes, errors on the second."""
    left, right = axes
    left.axhspan(data.level - 3 * data.noise, data.level + 3 * data.noise, color="C5", alpha=0.25, lw=0)
    for k, (name, values) in enumerate(data.lines.items()):
        left.plot(data.gammas, values, "os^D"[k] + ("-", "-", "--", ":")[k], color=f"C{k}", ms=5, label=name)
    left.set(xlabel="γ", ylabel="coverage", xscale="log", ylim=(-0.03, 1.05))
    left.set_xticks([0.5, 1, 2, 5, 10], ["0.5", "1", "2", "5", "10"])
    left.set_xticks([], minor=True)
    left.legend(loc="center right", bbox_to_anchor=(1.0, 0.45), fontsize=8.5)
    for j, name in enumerate(ESTIMATORS):
        colour = ("C2", "C4", "C0", "C5")[j]
        right.errorbar(
            data.large.bits,
            data.large.error[j],
            3 * data.large.noise[j],
            color=colour,
            ls=("--", "-.", "-", ":")[j],
            marker="s^ov"[j],
            ms=4,
            label=name,
        )
        if data.large.bias[j] > 1e-6:
            right.axhline(data.large.bias[j], color=colour, lw=0.8, ls=":")
    right.set(xlabel="bits", ylabel="root mean square error", xscale="log", yscale="log")
    right.legend(fontsize=8.5)
