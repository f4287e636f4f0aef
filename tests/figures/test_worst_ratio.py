"""Worst ratios against bounds: oracle a dense grid for the bound, and a direct comparison of q with p."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import worst_ratio
from focalbook.figures.style import figure
from focalbook.theory.minimizer import minimizer


def gain(p: np.ndarray, gamma: float) -> np.ndarray:
    return (1 - p) ** gamma - gamma * p * (1 - p) ** (gamma - 1) * np.log(p)


@pytest.mark.parametrize("gamma", [0.1, 1.0, 7.0, 50.0])
def test_bound_for_every_mass(gamma: float) -> None:
    x = np.linspace(1e-6, 1 - 1e-6, 400_001)
    expected = (x + (1 - x) * gain(x, gamma) / gain(x, gamma).max()).min()
    assert worst_ratio.top_bound(gamma) == pytest.approx(expected, rel=1e-7)


def test_samples_are_distributions_of_every_kind() -> None:
    p = worst_ratio.sample(300, np.random.default_rng(5))
    assert p.shape == (300, worst_ratio.CLASSES)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1.0, rtol=1e-13)
    assert p.max(axis=1).min() < 0.05
    assert p.max() > 0.9


def test_no_ratio_is_below_its_bound() -> None:
    numbers = worst_ratio.data((0.5, 2.0, 10.0), count=600)
    assert (numbers.low >= numbers.low_bound * (1 - 1e-12)).all()
    assert (numbers.high >= numbers.high_bound * (1 - 1e-9)).all()
    assert (numbers.low < 1).all()
    assert (numbers.found > 0).all()
    worst = 1.0
    for row in worst_ratio.sample(600, np.random.default_rng(0)):  # the sample of the first gamma, one by one
        p = row[row > 0]
        ratio = minimizer(p, 0.5) / p
        worst = min(worst, ratio[p < 0.15].min(initial=1.0))  # the gain peaks at 0.161
    assert numbers.low[0] == pytest.approx(worst, rel=1e-12)


def test_it_can_be_drawn() -> None:
    shown = figure(worst_ratio.draw, worst_ratio.data((1.0, 5.0), count=90), alt="Bounds and worst ratios")
    assert shown.light != shown.dark
