"""Grids of small panels, one for each cell of an experiment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["gamma_axis", "grid_of", "used"]

_COLUMNS = 3


def grid_of(count: int, height: float = 3.0) -> dict[str, Any]:
    """Arguments ``size``, ``nrows``, ``ncols`` of :func:`focalbook.figures.style.figure` for `count` panels.

    Raises
    ------
    ValueError
        No panel.
    """
    if count < 1:
        raise ValueError(f"a grid has one panel at least, got {count}.")
    columns = min(count, _COLUMNS)
    rows = -(-count // columns)
    return {"size": ({1: 5.2, 2: 7.2, 3: 9.6}[columns], height * rows), "nrows": rows, "ncols": columns}


def used(axes: Any, count: int) -> list[Any]:
    """The first `count` axes of a grid; the others are hidden."""
    flat = list(np.ravel(axes))
    for spare in flat[count:]:
        spare.set_visible(False)
    return flat[:count]


def gamma_axis(ax: Any, gammas: Sequence[float]) -> None:
    """Ticks at the gammas, on the scale of log(1 + gamma), which is what the caller has to plot against."""
    ax.set_xticks(np.log1p(gammas), [f"{g:g}" for g in gammas])
    ax.set_xlabel("γ")
    ax.margins(x=0.08)
