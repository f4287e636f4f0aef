"""Mean against beta: oracle the logistic function for two levels, differences for the slope."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from focalbook.figures import boltzmann_mean
from focalbook.figures.style import figure


def test_two_levels_are_logistic_and_slopes_are_variances() -> None:
    numbers = boltzmann_mean.data()
    np.testing.assert_allclose(numbers.mean[1], expit(-numbers.beta), rtol=1e-12)
    assert (np.diff(numbers.mean, axis=1) < 0).all()
    slope = np.gradient(numbers.mean, numbers.beta, axis=1)[:, 1:-1]
    np.testing.assert_allclose(-slope, numbers.variance[:, 1:-1], atol=1e-3)


def test_it_can_be_drawn() -> None:
    shown = figure(boltzmann_mean.draw, boltzmann_mean.data(), alt="Falling curves and their slopes", ncols=2)
    assert shown.light != shown.dark
