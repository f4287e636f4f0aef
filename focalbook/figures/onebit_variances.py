"""Figure: variances of one-bit estimates over replicates against the inverse information."""

from __future__ import annotations

from typing import Any

import numpy as np

from focalbook.campaigns.threshold_designs import MonteCarlo, ThresholdDesigns, variances

__all__ = ["data", "draw"]

#: Below this share of replicates with an estimate a point is drawn hollow.
ENOUGH = 0.999


def data(measured: MonteCarlo | None = None) -> MonteCarlo:
    """The experiment, run here unless its outcome is handed in."""
    return variances(ThresholdDesigns()) if measured is None else measured


def draw(data: MonteCarlo, axes: Any) -> None:
    """Draw variance over theory for the mean on the first axes, for the standard deviation on the second."""
    bits = np.array(data.bits, float)
    for j, (axis, title) in enumerate(zip(axes, ("mean", "standard deviation"), strict=True)):
        for d, name in enumerate(data.names):
            ratio = data.variance[d, :, j] / data.theory[d, j]
            error = 2.0 * data.error[d, :, j] / data.theory[d, j]
            x = bits * 1.07 ** (d - 0.5 * (len(data.names) - 1))
            full = data.exists[d] > ENOUGH
            axis.errorbar(x, ratio, error, color=f"C{d}", fmt="none", elinewidth=1.3)
            axis.plot(x, ratio, color=f"C{d}", lw=0.7, alpha=0.6)
            marker = "osDv^"[d % 5]
            axis.plot(x[full], ratio[full], marker, color=f"C{d}", ms=5, label=name)
            axis.plot(x[~full], ratio[~full], marker, color=f"C{d}", ms=5, mfc="none")
        axis.axhline(1.0, color="C5", lw=0.8)
        axis.set(xscale="log", xlabel="bits", title=title, ylim=(0, 2.0))
    axes[0].set_ylabel("variance / theory")
    axes[1].legend(loc="upper right", ncols=2, fontsize=9, columnspacing=0.8, handletextpad=0.2)
