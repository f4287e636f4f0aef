"""Grids of panels. Oracle: counting."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from focalbook.figures.panels import gamma_axis, grid_of, used


@pytest.mark.parametrize(
    ("count", "rows", "columns"), [(1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 3), (8, 3, 3)]
)
def test_every_panel_has_a_place_and_spare_ones_are_hidden(count: int, rows: int, columns: int) -> None:
    made = grid_of(count, 3.0)
    assert (made["nrows"], made["ncols"], made["size"][1]) == (rows, columns, 3.0 * rows)
    axes = Figure().subplots(rows, columns)
    assert len(used(axes, count)) == count
    assert sum(ax.get_visible() for ax in np.ravel(axes)) == count
    with pytest.raises(ValueError, match="one panel at least"):
        grid_of(0)


def test_ticks_stand_at_the_gammas() -> None:
    ax = Figure().subplots()
    gamma_axis(ax, (0.0, 0.5, 5.0))
    np.testing.assert_allclose(ax.get_xticks(), np.log([1.0, 1.5, 6.0]))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "0.5", "5"]
