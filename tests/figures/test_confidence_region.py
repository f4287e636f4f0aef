"""Region of raised tops: oracles a solver by bisection written here, a search for the borders on a grid."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import confidence_region
from focalbook.figures.style import figure
from focalbook.figures.worst_ratio import sample


def gain(p: np.ndarray, gamma: float) -> np.ndarray:
    return (1 - p) ** gamma - gamma * p * (1 - p) ** (gamma - 1) * np.log(p)


def test_borders_are_the_peak_and_the_crossing() -> None:
    numbers = confidence_region.data(count=30, gammas=[0.5, 3.0])
    p = np.linspace(1e-6, 1 - 1e-6, 1_000_001)
    for gamma, peak, crossing in zip(numbers.gammas, numbers.peak, numbers.crossing, strict=True):
        curve = gain(p, gamma)
        assert p[curve.argmax()] == pytest.approx(peak, abs=1e-5)
        assert p[curve > 1].max() == pytest.approx(crossing, abs=1e-5)


def test_direction_is_the_predicted_one_and_ratios_keep_the_bound() -> None:
    numbers = confidence_region.data(2.0, count=600, seed=3)
    ratio = numbers.top_model / numbers.top
    clear = np.abs(ratio - 1) > 1e-9
    assert ((ratio > 1) == numbers.predicted)[clear].all()
    assert (ratio > 1.01).sum() > 50
    raised = ratio > 1 + 1e-9
    allowed = np.interp(numbers.top[raised], numbers.bound[:, 0], numbers.bound[:, 1])
    assert (numbers.top_model[raised] <= allowed * (1 + 1e-4)).all()


def test_top_of_the_model_by_bisection() -> None:
    numbers = confidence_region.data(2.0, count=30, seed=5)
    q = np.geomspace(1e-14, 1 - 1e-9, 200_001)
    slope = gain(q, 2.0) / q  # falls with q
    for row, top in zip(sample(30, np.random.default_rng(5))[::6], numbers.top_model[::6], strict=True):
        p, low, high = row[row > 1e-12], 1e-9, 10.0
        for _ in range(60):
            level = 0.5 * (low + high)
            total = np.interp(-level / p, -slope, q).sum()
            low, high = (level, high) if total > 1 else (low, level)
        assert np.interp(-low / p.max(), -slope, q) == pytest.approx(top, rel=1e-3)


def test_it_can_be_drawn() -> None:
    shown = figure(
        confidence_region.draw, confidence_region.data(count=90), alt="A map and a cloud of dots", ncols=2
    )
    assert shown.light != shown.dark
