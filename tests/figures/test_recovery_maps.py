"""Maps from scores to probabilities: oracle the formula written out."""

from __future__ import annotations

import numpy as np

from focalbook.figures import recovery_maps
from focalbook.figures.style import figure


def slope(q: np.ndarray, gamma: float) -> np.ndarray:
    return (1 - q) ** gamma / q - gamma * (1 - q) ** (gamma - 1) * np.log(q)


def test_numbers_are_those_of_the_formula() -> None:
    shown = recovery_maps.data((0.5, 2.0), (0.5, 0.25))
    q = shown.score
    for row, gamma in zip(shown.recovered, (0.5, 2.0), strict=True):
        for values, alpha in zip(row, (0.5, 0.25), strict=True):
            yes, no = (1 - alpha) * slope(1 - q, gamma), alpha * slope(q, gamma)
            np.testing.assert_allclose(values, yes / (yes + no), rtol=1e-9)


def test_it_can_be_drawn() -> None:
    shown = figure(recovery_maps.draw, recovery_maps.data(), alt="Curves of recovery", ncols=2)
    assert shown.light != shown.dark
