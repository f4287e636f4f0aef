"""Figure: mean confidence minus accuracy against gamma, as it is and treated, a panel for each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.recovery_study import Study
from focalbook.figures.recovery_changes import curve, empty

__all__ = ["SHOWN", "Data", "data", "draw"]

#: Treatments that are shown.
SHOWN = ("as it is", "recovered", "recovered, temperature")


@dataclass(frozen=True)
class Data:
    """Confidence gaps.

    Attributes
    ----------
    cells : tuple of str
    gammas : tuple of float
    gaps : array, shape (cells, treatments, gammas, 3)
        Mean and ends of the interval over seeds; NaN where nothing is stored.
    """

    cells: tuple[str, ...]
    gammas: tuple[float, ...]
    gaps: NDArray[np.float64]


def data(study: Study) -> Data:
    """Gaps on test images in every cell of a study."""
    gaps = [
        [curve(study, study.of("test gap", name), cell) for name in SHOWN] for cell in range(len(study.cells))
    ]
    return Data(study.cells, study.gammas, np.array(gaps))


def draw(data: Data, axes: Any) -> None:
    """Draw a panel for each cell, a band and a line for each treatment."""
    for ax, cell, gaps in zip(np.ravel(axes), data.cells, data.gaps, strict=True):
        ax.set_title(cell)
        if not np.isfinite(gaps).any():
            empty(ax)
            continue
        ax.axhline(0, color="C5", linewidth=1.0)
        for k, (name, values) in enumerate(zip(SHOWN, gaps, strict=True)):
            colour = ("C0", "C2", "C3")[k]
            ax.plot(data.gammas, values[:, 0], "os^"[k] + "-", color=colour, ms=5, label=name)
            ax.fill_between(data.gammas, values[:, 1], values[:, 2], color=colour, alpha=0.2, linewidth=0)
        ax.set_xlabel("γ of training")
    np.ravel(axes)[0].set_ylabel("confidence minus accuracy")
    filled = np.isfinite(data.gaps).any(axis=(1, 2, 3))
    if filled.any():
        ax = np.ravel(axes)[np.flatnonzero(filled)[-1]]
        ax.margins(y=0.25)
        ax.legend(loc="upper left")
