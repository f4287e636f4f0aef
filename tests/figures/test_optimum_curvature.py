"""Curvature at the optimum. Oracle: the closed form for two classes, and the formula of the limit."""

from __future__ import annotations

import numpy as np

from focalbook.figures import optimum_curvature
from focalbook.figures.style import figure
from focalbook.theory.curvature import two_class_optimum_ratio
from focalbook.theory.minimizer import minimizer


def test_map_is_the_closed_form() -> None:
    numbers = optimum_curvature.data(points=21)
    for gamma, ratio in zip(numbers.rows[::20], numbers.ratio[::20], strict=True):
        best = minimizer(np.stack([numbers.p, 1 - numbers.p], axis=1), gamma)
        p, want = two_class_optimum_ratio(best[:, 1], gamma)
        np.testing.assert_allclose(1 - p, numbers.p, rtol=1e-9)
        np.testing.assert_allclose(ratio, want, rtol=1e-8)


def test_curves_approach_their_limits() -> None:
    numbers = optimum_curvature.data((0.5, 1.0))
    for j, gamma in enumerate(numbers.gammas):
        for k, classes in enumerate(numbers.classes):
            limit = 1 + gamma * classes / (2 * (classes - 1))
            assert abs(numbers.limits[j, k] - limit) < 1e-14
            gaps = np.abs(numbers.curves[j, k] - limit)
            assert gaps[-1] < 2e-3 < gaps[0]


def test_it_can_be_drawn() -> None:
    shown = figure(optimum_curvature.draw, optimum_curvature.data(points=21), alt="A map and curves", ncols=2)
    assert shown.light != shown.dark
