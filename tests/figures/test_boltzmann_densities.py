"""Densities of largest entropy: oracle quadrature of their means."""

from __future__ import annotations

import numpy as np

from focalbook.figures import boltzmann_densities
from focalbook.figures.style import figure


def test_means_and_mirror_images() -> None:
    numbers = boltzmann_densities.data()
    means = np.trapezoid(numbers.density * numbers.x, numbers.x, axis=1)
    np.testing.assert_allclose(means, numbers.means, atol=1e-3)
    np.testing.assert_allclose(numbers.probabilities @ numbers.levels, numbers.means, rtol=1e-12)
    np.testing.assert_allclose(numbers.density[0], numbers.density[-1][::-1], rtol=1e-9)
    np.testing.assert_allclose(numbers.beta[2], 0.0, atol=1e-12)


def test_it_can_be_drawn() -> None:
    shown = figure(boltzmann_densities.draw, boltzmann_densities.data(), alt="Exponential curves", ncols=2)
    assert shown.light != shown.dark
