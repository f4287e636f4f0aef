"""Risks and tangent: oracle a search over models on a grid, and the definition of the score."""

from __future__ import annotations

import numpy as np

from focalbook.figures import bayes_risk
from focalbook.figures.style import figure


def test_risk_is_the_smallest_mean_loss() -> None:
    numbers = bayes_risk.data((0.0, 1.0, 3.0), points=21)
    q = np.linspace(1e-6, 1 - 1e-6, 200_001)
    for gamma, risk in zip(numbers.gammas, numbers.risk, strict=True):
        first, second = (1 - q) ** gamma * -np.log(q), q**gamma * -np.log1p(-q)
        for p, value in zip(numbers.p, risk, strict=True):
            assert abs((p * first + (1 - p) * second).min() - value) < 1e-5


def test_tangent_touches_at_the_forecast_and_ends_in_the_scores() -> None:
    numbers = bayes_risk.data(gamma=2.0, forecast=0.85, points=2001)
    gap = numbers.tangent - numbers.curve
    assert (gap > -1e-12).all()
    assert abs(numbers.p[gap.argmin()] - 0.85) < 1e-3
    np.testing.assert_allclose(numbers.tangent[[0, -1]], numbers.ends, rtol=1e-12)


def test_it_can_be_drawn() -> None:
    shown = figure(bayes_risk.draw, bayes_risk.data(points=21), alt="Arches and a tangent", ncols=2)
    assert shown.light != shown.dark
