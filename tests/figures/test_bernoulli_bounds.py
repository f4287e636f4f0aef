"""Curves of the bounds: oracle naive sums."""

from __future__ import annotations

import numpy as np

from focalbook.figures import bernoulli_bounds
from focalbook.figures.style import figure


def test_curves_are_naive_sums() -> None:
    numbers = bernoulli_bounds.data()
    p, q, g = numbers.p, numbers.q, numbers.gamma[:, None]
    cross, weighed = -(p * np.log(q)).sum(), -(p * q * np.log(q)).sum()
    np.testing.assert_allclose(numbers.focal, (p * (1 - q) ** g * -np.log(q)).sum(axis=1), rtol=1e-13)
    np.testing.assert_allclose(numbers.line, cross - numbers.gamma * weighed, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(numbers.flat, cross - weighed, rtol=1e-13)
    np.testing.assert_allclose(numbers.power, cross * (1 - weighed / cross) ** numbers.gamma, rtol=1e-12)
    assert numbers.line.min() < 0 < numbers.power.min()


def test_it_can_be_drawn() -> None:
    shown = figure(bernoulli_bounds.draw, bernoulli_bounds.data(), alt="Curves between bounds")
    assert shown.light != shown.dark
