"""Paths on the triangle: oracles finite differences of the minimiser and the centre."""

from __future__ import annotations

import numpy as np

from focalbook.figures import simplex_paths
from focalbook.figures.style import figure
from focalbook.theory.minimizer import minimizer


def test_paths_start_at_the_truth_and_end_near_the_centre() -> None:
    numbers = simplex_paths.data(points=21)
    np.testing.assert_array_equal(numbers.q[:, 0], numbers.p)
    assert np.abs(numbers.q[:, -1] - 1 / 3).max() < 0.01
    np.testing.assert_allclose(numbers.q.sum(axis=-1), 1.0, rtol=1e-14)


def test_tangent_and_expansion() -> None:
    numbers = simplex_paths.data(points=21)
    step = (minimizer(numbers.p, 1e-6) - numbers.p) / 1e-6
    np.testing.assert_allclose(step, numbers.slope, atol=1e-5)
    assert np.isnan(numbers.expansion[:, 0]).all()
    assert np.abs(numbers.expansion[:, -1] - numbers.q[:, -1]).max() < 1e-4


def test_it_can_be_drawn() -> None:
    shown = figure(simplex_paths.draw, simplex_paths.data(points=40), alt="Paths in a triangle", ncols=2)
    assert shown.light != shown.dark
