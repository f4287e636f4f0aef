"""Figure: parts of the Brier score before and after mending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from focalbook.calibration import BrierParts, brier_decomposition

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Decompositions of the Brier score by name."""

    parts: Mapping[str, BrierParts]


def data(outputs: Mapping[str, ArrayLike], labels: ArrayLike, bins: int = 15) -> Data:
    """Decompose the score of several predictions of the same labels.

    Parameters
    ----------
    outputs
        Predictions (n, K) by name.
    labels
        Classes (n,) or known distributions (n, K).
    bins
        Bins for each class.
    """
    return Data({name: brier_decomposition(q, labels, bins, resamples=200) for name, q in outputs.items()})


def draw(data: Data, axes: Any) -> None:
    """Draw reliability on the first axes and resolution on the second, with their intervals."""
    place = np.arange(len(data.parts))[::-1]
    for ax, part, colour in zip(axes, ("reliability", "resolution"), ("C1", "C2"), strict=True):
        found = [getattr(parts, part) for parts in data.parts.values()]
        values = np.array([f.value for f in found])
        ends = np.array([[f.value - f.low for f in found], [f.high - f.value for f in found]])
        ax.barh(place, values, color=colour, alpha=0.85, height=0.6)
        ax.errorbar(values, place, xerr=ends, fmt="none", color="C5", elinewidth=1.2, capsize=2)
        ax.set_xlabel(f"{part} ({'smaller' if part == 'reliability' else 'larger'} is better)")
        ax.set_xlim(0, None)
    axes[0].set_yticks(place, list(data.parts))
    axes[1].set_yticks(place, [""] * len(place))
