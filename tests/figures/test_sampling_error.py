"""Curvature over subsets. Oracle: draws from a population whose deviation is known."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.sampling_error import Sampled
from focalbook.figures import sampling_error
from focalbook.figures.style import figure


def made() -> sampling_error.Data:
    rng = np.random.default_rng(0)
    population = 1 + 0.5 * rng.standard_normal(600)
    sizes = (20, 100, 300)
    trace = np.array([[rng.choice(population, n, replace=False).mean() for _ in range(200)] for n in sizes])
    whole = (float(population.mean()), 2.0)
    data = sampling_error.data(Sampled(sizes, trace, trace + 1, 0 * trace, whole, 600, 0.0))
    for size, spread in zip(sizes, data.spread, strict=True):
        expected = population.std() / population.mean() * np.sqrt((1 - size / 600) / size)
        assert spread == pytest.approx(expected, rel=0.1)
    return data


def test_the_band_and_the_drawing() -> None:
    shown = figure(sampling_error.draw, made(), alt="Dots close in", ncols=2)
    assert shown.light != shown.dark
