"""Errors of estimates. Oracle: intervals of one per cent, a spread by formula."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.curvature_study import cells
from focalbook.figures import curvature_errors
from focalbook.figures.style import figure
from tests.curvature_runs import made


def test_errors_are_those_of_the_intervals() -> None:
    records = made()
    numbers = curvature_errors.data(cells(records))
    np.testing.assert_allclose(numbers.error["training loss, top"], 0.01)
    values = [r.metrics["cross-entropy hessian top"].value for r in records if r.configuration["gamma"] == 1]
    assert np.isclose(numbers.spread["cross-entropy, top"][1], np.std(values, ddof=1) / np.mean(values))


def test_it_can_be_drawn_without_a_single_point() -> None:
    for seeds in ((0,), (0, 1)):
        numbers = curvature_errors.data(cells(made(seeds=seeds)))
        shown = figure(curvature_errors.draw, numbers, alt="Points and a diagonal")
        assert shown.light != shown.dark
