"""Classes by prevalence: oracles bisection for two groups of equal classes, and the bound on suppression."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from focalbook.figures import prevalence_chart
from focalbook.figures.style import figure
from focalbook.theory.loss import gain_maximum


def slope(q: float, gamma: float) -> float:
    return (1 - q) ** gamma / q - gamma * (1 - q) ** (gamma - 1) * np.log(q)


@pytest.mark.parametrize(("x", "heads", "gamma"), [(1e-3, 1, 2.0), (0.2, 10, 0.5), (1e-5, 100, 5.0)])
def test_solution_by_bisection(x: float, heads: int, gamma: float) -> None:
    def off(q: float) -> float:
        return x * slope(q, gamma) - (1 - x) / heads * slope((1 - q) / heads, gamma)

    exact = brentq(off, 1e-12, 1 - 1e-12, xtol=1e-15, rtol=1e-14)
    assert prevalence_chart.among(np.array([x]), heads, gamma)[0] == pytest.approx(exact, rel=1e-8)


def test_many_classes_keep_the_bound() -> None:
    shown = prevalence_chart.data()
    for k, gamma in enumerate(shown.gammas):
        rare = shown.prevalence < 1e-3
        assert (shown.factor[2:, k][:, rare] >= 1 / gain_maximum(gamma)).all()
        assert (shown.factor[0, k][rare] > 1).all()


def test_it_can_be_drawn() -> None:
    chart = prevalence_chart.data()
    shown = figure(prevalence_chart.draw, chart, alt="Four panels of curves", nrows=2, ncols=2)
    assert shown.light != shown.dark
