"""Gamma turned: oracle the equations of the minimiser, from a naive formula of the slope."""

from __future__ import annotations

import numpy as np

from focalbook.figures import turning_gamma
from focalbook.figures.style import figure


def _slope(q: np.ndarray, gamma: np.ndarray) -> np.ndarray:
    return (1 - q) ** gamma / q - gamma * (1 - q) ** (gamma - 1) * np.log(q)


def test_all_curves_are_minimisers() -> None:
    numbers = turning_gamma.data(points=31, ends=(0.01, 300.0))
    level = numbers.p * _slope(numbers.q, numbers.gamma[:, None])
    np.testing.assert_allclose(level, level[:, :1].repeat(5, axis=1), rtol=1e-9)
    np.testing.assert_allclose(numbers.q.sum(axis=1), 1.0, rtol=1e-14)
    for e, q in zip(numbers.rare, numbers.q_rare, strict=True):
        rare, common = e * _slope(q, numbers.gamma), (1 - e) * _slope(1 - q, numbers.gamma)
        np.testing.assert_allclose(rare, common, rtol=1e-9)


def test_ends() -> None:
    numbers = turning_gamma.data(ends=(1e-6, 1e6), points=3)
    np.testing.assert_allclose(numbers.q_rare[:, 0], numbers.rare, rtol=1e-4)
    np.testing.assert_allclose(numbers.q_rare[:, -1], 0.5, rtol=1e-4)
    np.testing.assert_allclose(numbers.q[-1], 0.2, rtol=1e-4)


def test_it_can_be_drawn() -> None:
    shown = figure(turning_gamma.draw, turning_gamma.data(points=9), alt="Curves against gamma", ncols=2)
    assert shown.light != shown.dark
