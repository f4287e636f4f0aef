"""The flow on the triangle: oracle the conditions of the minimiser, from a naive formula of the slope."""

from __future__ import annotations

import numpy as np

from focalbook.figures import simplex_flow
from focalbook.figures.style import figure


def test_ends_of_the_arrows_are_minimisers() -> None:
    numbers = simplex_flow.data((0.5, 3.0), cells=6)
    assert numbers.p.shape == (21, 3)
    np.testing.assert_allclose(numbers.p.sum(axis=1), 1.0, rtol=1e-14)
    for gamma, q in zip(numbers.gammas, numbers.q, strict=True):
        slope = (1 - q) ** gamma / q - gamma * (1 - q) ** (gamma - 1) * np.log(q)
        level = numbers.p * slope
        np.testing.assert_allclose(level, level[:, :1].repeat(3, axis=1), rtol=1e-11)
        np.testing.assert_allclose(q.sum(axis=1), 1.0, rtol=1e-14)


def test_corners_and_centre_of_the_plane() -> None:
    np.testing.assert_array_equal(simplex_flow.to_plane(np.eye(3)), simplex_flow.CORNERS)
    centre = simplex_flow.to_plane(np.full(3, 1 / 3))
    distances = np.linalg.norm(simplex_flow.CORNERS - centre, axis=1)
    np.testing.assert_allclose(distances, np.sqrt(1 / 3), rtol=1e-14)


def test_it_can_be_drawn() -> None:
    shown = figure(simplex_flow.draw, simplex_flow.data(cells=4), alt="Arrows in two triangles", ncols=2)
    assert shown.light != shown.dark
