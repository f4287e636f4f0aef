"""Figure: rank correlations within seeds of curvature with measures of calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from focalbook.campaigns.curvature_prose import CURVATURES, OUTCOMES
from focalbook.campaigns.curvature_study import Cell
from focalbook.campaigns.rank_study import RankCorrelation, rank_correlation
from focalbook.figures.panels import used

__all__ = ["Data", "data", "draw"]

SHOWN = ("cross-entropy, trace", "training loss, trace")


@dataclass(frozen=True)
class Data:
    """Correlations of each cell.

    Attributes
    ----------
    names : tuple of str
    found : tuple of dict of RankCorrelation
        By curvature and outcome.
    """

    names: tuple[str, ...]
    found: tuple[dict[tuple[str, str], RankCorrelation], ...]


def data(cells: Sequence[Cell]) -> Data:
    """Collect the correlations of cells."""
    return Data(
        tuple(c.name for c in cells),
        tuple(
            {
                (name, outcome): rank_correlation(c.table(CURVATURES[name]), c.table(metric))
                for name in SHOWN
                for outcome, metric in OUTCOMES.items()
            }
            for c in cells
        ),
    )


def draw(data: Data, axes: Any) -> None:
    """One panel for each cell: single seeds small, their mean with its interval large."""
    outcomes = list(OUTCOMES)
    for number, (ax, name, found) in enumerate(
        zip(used(axes, len(data.names)), data.names, data.found, strict=True)
    ):
        for k, (which, colour, marker) in enumerate(zip(SHOWN, ("C1", "C0"), ("s", "o"), strict=True)):
            for row, outcome in enumerate(outcomes):
                one, y = found[which, outcome], len(outcomes) - 1 - row + 0.16 * (1 - 2 * k)
                ax.plot(one.rows, [y] * len(one.rows), "|", color=colour, ms=8)
                if one.rows:
                    ends = np.nan_to_num([[one.mean.value - one.mean.low], [one.mean.high - one.mean.value]])
                    ax.errorbar(
                        one.mean.value, y, xerr=ends, color=colour, marker=marker, ms=6, capsize=2.5, lw=1.3
                    )
            ax.plot([], [], marker, color=colour, label=which)
        ax.axvline(0.0, color="0.5", lw=0.8)
        ax.set(xlim=(-1.1, 1.1), ylim=(-0.6, len(outcomes) - 0.4), xlabel="rank correlation")
        ax.set_yticks(range(len(outcomes)), outcomes[::-1] if number % 3 == 0 else [""] * len(outcomes))
        ax.set_title(name, fontsize=10)
    first = np.ravel(axes)[0]
    first.figure.legend(*first.get_legend_handles_labels(), fontsize=8, ncols=2, loc="outside lower center")
