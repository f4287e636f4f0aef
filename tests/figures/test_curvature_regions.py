"""The maps of regions. Oracle: traces of the Hessian matrices."""

from __future__ import annotations

import numpy as np

from focalbook.figures import curvature_regions
from focalbook.figures.style import figure
from focalbook.theory.curvature import logit_hessian


def test_ratio_is_that_of_the_matrices() -> None:
    q, gammas = np.array([0.05, 0.4, 0.9]), np.array([0.5, 3.0])
    found = curvature_regions.trace_ratio_map(4, q, gammas)
    for a, x in enumerate(q):
        row = [x, *[(1 - x) / 3] * 3]
        plain = np.trace(logit_hessian(row, 0, 0.0))
        for b, gamma in enumerate(gammas):
            assert abs(found[b, a] - np.trace(logit_hessian(row, 0, gamma)) / plain) < 1e-13


def test_more_classes_lower_the_upper_crossing() -> None:
    numbers = curvature_regions.data(points=201, rows=9)
    above = [(ratio > 1) & (numbers.q > numbers.peak[:, None]) for ratio in numbers.ratio]
    assert (above[1] <= above[0]).all()
    between = (numbers.q > numbers.peak[:, None]) & (numbers.q < numbers.crossing[:, None])
    assert between.any()
    assert all((ratio[between] > 1).all() for ratio in numbers.ratio)


def test_it_can_be_drawn() -> None:
    shown = figure(
        curvature_regions.draw, curvature_regions.data(points=41, rows=9), alt="Two maps of ratios", ncols=2
    )
    assert shown.light != shown.dark
