"""Figure: all eigenvalues of a small network's Hessian, dense and by stochastic Lanczos quadrature."""

from __future__ import annotations

from typing import Any

import numpy as np

from focalbook.campaigns.estimator_errors import SpectrumCheck

__all__ = ["Data", "data", "draw"]

Data = SpectrumCheck


def data(check: SpectrumCheck) -> SpectrumCheck:
    """What was measured is what is drawn."""
    return check


def draw(data: SpectrumCheck, axes: Any) -> None:
    """Draw the number of eigenvalues up to each point on the left axes, its error on the right ones."""
    left, right = axes
    size = len(data.eigenvalues)
    scale = data.width * 5
    for ax in axes:
        ax.set_xscale("symlog", linthresh=scale, linscale=0.6)
        ticks = [t for t in (-10.0, -1.0, 0.0, 1.0, 10.0, 100.0) if data.points[0] <= t <= data.points[-1]]
        ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
        ax.minorticks_off()
        ax.set_xlabel("eigenvalue")
    left.plot(data.points, size * data.truth, color="C0", label="dense")
    left.plot(data.points, size * data.share, "--", color="C1", label=f"quadrature, {data.products} products")
    left.set(ylabel="eigenvalues at most so large", ylim=(0, 1.05 * size))
    left.legend(loc="center right", fontsize=9)
    error = size * (data.share - data.truth)
    band = 2 * size * data.stated
    right.fill_between(data.points, -band, band, color="C5", alpha=0.25, lw=0, label="±2 stated errors")
    right.plot(data.points, error, color="C1", label="quadrature less dense")
    right.set(ylabel="eigenvalues", ylim=(-1.3 * np.abs(error).max(), 1.9 * np.abs(error).max()))
    right.legend(loc="upper left", fontsize=9)
