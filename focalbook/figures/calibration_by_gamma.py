"""Figure: calibration error against gamma, as it is and after a temperature, with the signed gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from focalbook.calibration import Estimate
from focalbook.campaigns.curvature_study import Cell, curve
from focalbook.figures.curvature_curves import error_bars
from focalbook.figures.panels import gamma_axis, used

__all__ = ["Data", "data", "draw"]

LINES = {
    "ECE": ("test ece", "C0", "o", "-"),
    "ECE after temperature": ("test ece, temperature", "C2", "^", "-"),
    "signed gap": ("test gap", "C1", "s", "--"),
}


@dataclass(frozen=True)
class Data:
    """Curves over gamma in per cent, for each cell.

    Attributes
    ----------
    names : tuple of str
    gammas : tuple of tuple of float
    curves : tuple of dict of list of Estimate
    """

    names: tuple[str, ...]
    gammas: tuple[tuple[float, ...], ...]
    curves: tuple[dict[str, list[Estimate]], ...]


def _per_cent(e: Estimate) -> Estimate:
    return Estimate(100 * e.value, 100 * e.low, 100 * e.high, e.n, e.level)


def data(cells: Sequence[Cell]) -> Data:
    """Collect the curves of cells."""
    return Data(
        tuple(c.name for c in cells),
        tuple(c.gammas for c in cells),
        tuple(
            {name: [_per_cent(e) for e in curve(c, line[0])] for name, line in LINES.items()} for c in cells
        ),
    )


def draw(data: Data, axes: Any) -> None:
    """One panel for each cell; the grey line is a calibrated mean."""
    for ax, name, gammas, found in zip(
        used(axes, len(data.names)), data.names, data.gammas, data.curves, strict=True
    ):
        for k, (which, (_, colour, marker, line)) in enumerate(LINES.items()):
            x = np.log1p(gammas) + 0.02 * (k - 1)
            error_bars(ax, x, found[which], color=colour, marker=marker, ls=line, label=which)
        ax.axhline(0.0, color="0.5", lw=0.8)
        gamma_axis(ax, gammas)
        ax.set_title(name, fontsize=10)
    np.ravel(axes)[0].set_ylabel("per cent")
    np.ravel(axes)[0].legend(fontsize=8, loc="lower left")
