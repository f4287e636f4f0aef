"""Figure: how the error of a coverage falls: like 1/n off a lattice, and not like it on one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.onebit_coverage import DESIGNS, Point, exact

__all__ = ["Data", "data", "draw"]

_STYLE = {"wald": ("C0", "o"), "wald log": ("C2", "s"), "likelihood ratio": ("C1", "^")}


@dataclass(frozen=True)
class Data:
    """Errors of coverage.

    Attributes
    ----------
    bits : ndarray, shape (k,)
    wrong, error : dict of ndarray, shape (k,)
        Coverage minus level of the deviation s, and its Monte Carlo error, by method.
    lattice : ndarray, shape (m,)
        Numbers of bits of the design with one threshold.
    exact : ndarray, shape (m,)
        Coverage of Wald's interval minus level there, summed over all outcomes.
    windows, largest : ndarray, shape (w,)
        Geometric centres of windows of n, and the largest size of the error in each.
    exponent : float
        Slope of `largest` on logarithmic axes.
    """

    bits: NDArray[np.float64]
    wrong: dict[str, NDArray[np.float64]]
    error: dict[str, NDArray[np.float64]]
    lattice: NDArray[np.float64]
    exact: NDArray[np.float64]
    windows: NDArray[np.float64]
    largest: NDArray[np.float64]
    exponent: float


def data(points: Sequence[Point], parameter: int = 1, lattice: Sequence[int] | None = None) -> Data:
    """Collect errors of Monte Carlo points, and compute exact ones for a Poisson with one threshold.

    Parameters
    ----------
    points
        Of one design.
    parameter
        Number of the parameter.
    lattice
        Numbers of bits for the exact panel; by default 240 from 30 to 4,000.
    """
    sizes = lattice if lattice is not None else np.unique(np.geomspace(30, 4_000, 240).astype(int)).tolist()
    wrong = {m: np.array([p.coverage[m][parameter] - p.level for p in points]) for m in _STYLE}
    error = {m: np.array([float(p.error(p.coverage[m][parameter])) for p in points]) for m in _STYLE}
    found = [exact(DESIGNS["one threshold"], n) for n in sizes]
    listed = np.array([p.coverage["wald"][0] - p.level for p in found])
    bits = np.array(sizes, float)
    parts = np.array_split(np.arange(bits.size), max(3, bits.size // 24))
    windows = np.array([np.exp(np.log(bits[part]).mean()) for part in parts])
    largest = np.array([np.abs(listed[part]).max() for part in parts])
    exponent = float(np.polyfit(np.log(windows), np.log(largest), 1)[0])
    return Data(
        np.array([p.n for p in points], float), wrong, error, bits, listed, windows, largest, exponent
    )  # fmt: skip


def draw(data: Data, axes: Any) -> None:
    """Draw n times the error on the first axes, the exact errors on the second."""
    left, right = axes
    clear = data.bits <= 1_000
    for k, (method, (colour, marker)) in enumerate(_STYLE.items()):
        n = data.bits[clear]
        left.errorbar(
            n * 1.04 ** (k - 1), n * data.wrong[method][clear], yerr=2 * n * data.error[method][clear],
            color=colour, marker=marker, ms=4.5, lw=1.2, capsize=2, label=method,
        )  # fmt: skip
    left.axhline(0.0, color="C5", ls="--", lw=1.2)
    left.set(xscale="log", xlabel="bits n", ylabel="n × (coverage − level)", title="seven thresholds, s")
    left.legend(fontsize=9, loc="lower left")
    left.set_xlim(None, 1_300)
    right.loglog(data.lattice, np.abs(data.exact), color="C0", lw=0, marker=".", ms=3)
    right.loglog(data.windows, data.largest, color="C1", lw=1.6, label="largest nearby")
    start = data.largest[0] * data.windows[0]
    right.loglog(data.windows, start / data.windows, color="C5", ls="--", lw=1.2, label="like 1/n")
    low = float(data.largest.min()) / 30
    places = {"xlabel": "bits n", "ylabel": "|coverage − level|", "ylim": (low, None)}
    right.set(title="one threshold, Wald, exact", **places)
    right.legend(fontsize=9, loc="lower left")
