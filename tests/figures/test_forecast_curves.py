"""Two-class focal-entropy: oracle the formula in a loop and SciPy's scalar minimiser."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from focalbook.figures import forecast_curves
from focalbook.figures.style import figure


def focal_entropy(p: float, q: float, gamma: float) -> float:
    return -p * (1 - q) ** gamma * np.log(q) - (1 - p) * q**gamma * np.log1p(-q)


def test_curves_and_minima() -> None:
    numbers = forecast_curves.data((0.7, 0.97), (0.0, 1.0, 5.0), points=11)
    for j, p in enumerate(numbers.truths):
        for k, gamma in enumerate(numbers.gammas):
            expected = [focal_entropy(p, q, gamma) for q in numbers.q]
            np.testing.assert_allclose(numbers.value[j, k], expected, rtol=1e-10)
            found = minimize_scalar(
                lambda q, p=p, g=gamma: focal_entropy(p, q, g),
                bounds=(1e-6, 1 - 1e-6),
                method="bounded",
                options={"xatol": 1e-9},
            )
            assert numbers.best[j, k] == pytest.approx(found.x, abs=1e-6)
            assert numbers.least[j, k] == pytest.approx(found.fun, rel=1e-9)


def test_it_can_be_drawn() -> None:
    shown = figure(forecast_curves.draw, forecast_curves.data(points=20), alt="Focal-entropy curves", ncols=2)
    assert shown.light != shown.dark
