"""Figure: measured over predicted factor of rare letters, with drawn letters and with exact expectations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.agreement import MARGIN, Cells
from focalbook.campaigns.contexts import COMMON, RARE
from focalbook.campaigns.measures import over_seeds
from focalbook.figures.style import gamma_colors

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Error in per cent of the rare letters, for each variant.

    Attributes
    ----------
    variants : tuple of str
    gammas : array, shape (g,)
    prevalence : array, shape (r,)
    error, low, high : arrays, shape (variants, g, r)
        Measured over predicted, less one: mean over contexts and seeds, with its 95 % interval over seeds.
    single : array, shape (variants, g, r, contexts)
        The same for each context.
    margin : float
        What counts as equal, in per cent.
    """

    variants: tuple[str, ...]
    gammas: NDArray[np.float64]
    prevalence: NDArray[np.float64]
    error: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    single: NDArray[np.float64]
    margin: float


def data(variants: Mapping[str, Cells]) -> Data:
    """Compare each variant with the prediction; all variants have equal gammas."""
    first = next(iter(variants.values()))
    together, single = [], []
    for found in variants.values():
        errors = np.moveaxis(found.errors[..., COMMON:], 2, -1)
        each = errors.mean(axis=-1)
        rows = [[over_seeds(each[:, g, r]) for r in range(len(RARE))] for g in range(len(found.gammas))]
        together.append([[(e.value, e.low, e.high) for e in row] for row in rows])
        single.append(errors.mean(axis=0))
    percent = 100 * np.expm1(np.array(together))
    value, low, high = np.moveaxis(percent, -1, 0)
    one = 100 * np.expm1(np.array(single))
    margin = 100 * float(np.expm1(MARGIN))
    return Data(tuple(variants), first.gammas, np.array(RARE), value, low, high, one, margin)


def draw(data: Data, axes: Any) -> None:
    """Draw one panel for each variant: means with intervals, and small marks for single contexts."""
    shifts = np.linspace(-0.3, 0.3, len(data.gammas))
    for v, ax in enumerate(axes):
        ax.axhspan(-data.margin, data.margin, color="C5", alpha=0.15, linewidth=0)
        ax.axhline(0, color="C5", linewidth=0.8)
        for i, colour in enumerate(gamma_colors(list(data.gammas))):
            x = np.arange(len(data.prevalence)) + shifts[i]
            many = np.repeat(x, data.single.shape[-1])
            ax.plot(many, data.single[v, i].ravel(), ".", color=colour, markersize=3, alpha=0.6)
            value = data.error[v, i]
            ax.errorbar(
                x, value, [value - data.low[v, i], data.high[v, i] - value], color=colour,
                fmt="osD^vP"[i % 6], markersize=4.5, elinewidth=1.2, label=f"γ = {data.gammas[i]:g}",
            )  # fmt: skip
        ax.set_xticks(range(len(data.prevalence)), [_power_of_ten(p) for p in data.prevalence])
        ax.set(xlabel="prevalence", title=data.variants[v])
    low = min(-1.3 * data.margin, float(min(data.low.min(), data.single.min())) - 0.5)
    high = max(1.3 * data.margin, float(max(data.high.max(), data.single.max())) + 0.5)
    for ax in axes:
        ax.set_ylim(low, high)
    axes[0].set_ylabel("measured / predicted − 1 (%)")
    axes[0].legend(ncols=2, loc="lower left")


def _power_of_ten(p: float) -> str:
    return f"$10^{{{np.log10(p):g}}}$"
