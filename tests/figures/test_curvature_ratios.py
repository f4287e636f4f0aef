"""Paired ratios. Oracle: the factor (1 + gamma) in the made-up records, and ratios taken by hand."""

from __future__ import annotations

import pytest

from focalbook.campaigns.curvature_study import cells
from focalbook.figures import curvature_ratios
from focalbook.figures.panels import grid_of
from focalbook.figures.style import figure
from tests.curvature_runs import made, run


def test_ratios_are_over_the_run_of_the_same_seed() -> None:
    numbers = curvature_ratios.data(cells(made(seeds=(1,))))
    one, other = (run(g, 1).metrics["training loss hessian trace"].value for g in (5.0, 0.0))
    assert numbers.ratios[0]["training loss, trace"][-1].value == pytest.approx(one / other)
    assert numbers.ratios[0]["cross-entropy, top"][0].value == 1.0


def test_it_can_be_drawn_for_full_and_partial_cells() -> None:
    found = cells(
        made(per_class=1) + made(gammas=(0.0, 0.5), seeds=(0,), per_class=2) + made((1.0,), per_class=3)
    )
    found += cells(made(gammas=(0.0,), per_class=4))
    shown = figure(
        curvature_ratios.draw, curvature_ratios.data(found), alt="Ratios in panels", **grid_of(len(found))
    )
    assert shown.light != shown.dark
