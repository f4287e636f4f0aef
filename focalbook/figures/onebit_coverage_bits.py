"""Figure: coverage of intervals from one-bit data against the number of bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.onebit_coverage import Point

__all__ = ["SHOWN", "Data", "data", "draw"]

#: Intervals that are drawn: colour, marker, factor by which points are moved aside.
SHOWN = {"wald": ("C0", "o", 0.93), "wald log": ("C2", "s", 1.0), "likelihood ratio": ("C1", "^", 1.075)}


@dataclass(frozen=True)
class Data:
    """Coverage with error bars.

    Attributes
    ----------
    bits : ndarray, shape (k,)
    coverage, error : dict of ndarray, shape (panels, k)
        By method; binomial standard errors.
    uncensored : ndarray, shape (panels,)
        Coverage of the control at the largest n.
    titles : tuple of str
    level : float
    """

    bits: NDArray[np.float64]
    coverage: dict[str, NDArray[np.float64]]
    error: dict[str, NDArray[np.float64]]
    uncensored: NDArray[np.float64]
    titles: tuple[str, ...]
    level: float


def data(panels: Sequence[tuple[str, Sequence[Point], int]]) -> Data:
    """Collect coverage: title, points and number of the parameter of each panel; all with the same bits."""
    bits = {tuple(p.n for p in points) for _, points, _ in panels}
    if len(bits) != 1:
        raise ValueError(f"panels must share one list of numbers of bits, got {sorted(bits)}.")
    coverage, error = {}, {}
    for method in SHOWN:
        coverage[method] = np.array([[p.coverage[method][j] for p in points] for _, points, j in panels])
        error[method] = np.array(
            [[float(p.error(p.coverage[method][j])) for p in points] for _, points, j in panels]
        )
    control = np.array([points[-1].coverage["uncensored"][j] for _, points, j in panels])
    titles = tuple(title for title, _, _ in panels)
    return Data(np.array(bits.pop(), float), coverage, error, control, titles, panels[0][1][0].level)


def draw(data: Data, axes: Any) -> None:
    """Draw one panel for each parameter; the control is off the scale and named in words."""
    low = min(float((data.coverage[m] - 2 * data.error[m]).min()) for m in SHOWN)
    for k, ax in enumerate(np.ravel(axes)):
        ax.axhline(data.level, color="C5", ls="--", lw=1.2)
        for method, (colour, marker, aside) in SHOWN.items():
            ax.errorbar(
                data.bits * aside, data.coverage[method][k], yerr=2 * data.error[method][k], color=colour,
                marker=marker, ms=4.5, lw=1.2, capsize=2, label=method,
            )  # fmt: skip
        ax.set(xscale="log", xlabel="bits n", title=data.titles[k], ylim=(low - 0.004, data.level + 0.012))
        words = f"uncensored width: {data.uncensored[k]:.2f}"
        ax.text(0.97, 0.05, words, transform=ax.transAxes, ha="right", fontsize=9)
    first = np.ravel(axes)[0]
    first.set_ylabel("coverage")
    np.ravel(axes)[-1].legend(loc="lower left", bbox_to_anchor=(0.2, 0.1), fontsize=9)
