"""Figure: bias and variance of one-bit estimates against the number of bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.onebit_coverage import Point

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Bias and variance, with Monte Carlo errors.

    Attributes
    ----------
    bits : ndarray, shape (k,)
    bias, bias_error, ratio, ratio_error : ndarray, shape (series, k)
        Mean error over the theoretical standard error of one estimate; variance over that of theory.
    titles : tuple of str
    """

    bits: NDArray[np.float64]
    bias: NDArray[np.float64]
    bias_error: NDArray[np.float64]
    ratio: NDArray[np.float64]
    ratio_error: NDArray[np.float64]
    titles: tuple[str, ...]


def data(series: Sequence[tuple[str, Sequence[Point], int]]) -> Data:
    """Collect moments: name, points and number of the parameter of each series."""
    bits = {tuple(p.n for p in points) for _, points, _ in series}
    if len(bits) != 1:
        raise ValueError(f"series must share one list of numbers of bits, got {sorted(bits)}.")

    def table(value: str, error: bool = False) -> NDArray[np.float64]:
        rows = []
        for _, points, j in series:
            unit = [np.sqrt(p.limit[j, j] / p.n) if value.startswith("bias") else 1.0 for p in points]
            rows.append([getattr(p, value)[j] / u for p, u in zip(points, unit, strict=True)])
        return np.array(rows)

    return Data(
        np.array(bits.pop(), float),
        table("bias"),
        table("bias_error"),
        table("ratio"),
        table("ratio_error"),
        tuple(name for name, _, _ in series),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw bias on the first axes, variance on the second."""
    left, right = axes
    for k, name in enumerate(data.titles):
        style: dict[str, Any] = {"color": f"C{k}", "marker": "os^"[k % 3], "ms": 4.5, "lw": 1.2, "capsize": 2}
        aside = data.bits * 1.06 ** (k - 1)
        left.errorbar(aside, data.bias[k], yerr=2 * data.bias_error[k], label=name, **style)
        right.errorbar(aside, data.ratio[k], yerr=2 * data.ratio_error[k], **style)
    left.axhline(0.0, color="C5", ls="--", lw=1.2)
    right.axhline(1.0, color="C5", ls="--", lw=1.2)
    left.set(xscale="log", xlabel="bits n", ylabel="bias / standard error")
    right.set(xscale="log", xlabel="bits n", ylabel="variance / variance in theory")
    left.legend(fontsize=9)
