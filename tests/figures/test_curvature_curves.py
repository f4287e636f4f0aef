"""Curves over gamma. Oracle: means of the records, taken by hand."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.curvature_study import cells
from focalbook.figures import curvature_curves
from focalbook.figures.style import figure
from tests.curvature_runs import made


def test_means_are_those_of_the_records() -> None:
    records = made()
    numbers = curvature_curves.data(cells(records)[0])
    at_two = [r.metrics["cross-entropy hessian top"].value for r in records if r.configuration["gamma"] == 2]
    assert numbers.curves["top", "cross-entropy"][2].value == pytest.approx(np.mean(at_two))
    assert numbers.runs["trace", "training loss"].shape == (3, 4)


@pytest.mark.parametrize("seeds", [(0,), (0, 1, 2)])
def test_it_can_be_drawn(seeds: tuple[int, ...]) -> None:
    numbers = curvature_curves.data(cells(made(seeds=seeds))[0])
    shown = figure(curvature_curves.draw, numbers, alt="Curves over gamma", ncols=2)
    assert shown.light != shown.dark
