"""Curvature and its margin: oracle differentiation by mpmath, and the bound written out."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import curvature_in_q
from focalbook.figures.style import figure


def exact_curvature(q: float, gamma: float) -> float:
    with mp.workdps(40):
        return float(mp.diff(lambda x: -((1 - x) ** gamma) * mp.log(x), mp.mpf(q), 2))


def test_ratio_and_margin_are_the_numerical_second_derivative() -> None:
    numbers = curvature_in_q.data((0.5, 3.0), (0.2, 0.8), points=7)
    for k, gamma in enumerate(numbers.gammas):
        expected = [q**2 * exact_curvature(q, gamma) for q in numbers.q]
        np.testing.assert_allclose(numbers.ratio[k], expected, rtol=1e-10)
    for k, gamma in enumerate(numbers.small):
        s = 1 / numbers.q - 1
        bound = (1 - numbers.q) ** (gamma - 2) * (gamma * (1 + gamma) * s + s**2)
        expected = [exact_curvature(q, gamma) for q in numbers.q] / bound
        np.testing.assert_allclose(numbers.margin[k], expected, rtol=1e-10)


def test_margin_is_at_least_one_and_a_sharper_bound_would_not_hold() -> None:
    margin = curvature_in_q.data().margin
    assert (margin >= 1).all()
    assert (margin < 1.001).any()


@pytest.mark.parametrize("small", [(0.0, 0.5), (1.0,), (1.5,)])
def test_margin_needs_gamma_between_zero_and_one(small: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"\(0, 1\)"):
        curvature_in_q.data(small=small)


def test_it_can_be_drawn() -> None:
    shown = figure(curvature_in_q.draw, curvature_in_q.data(points=20), alt="Curvature of the loss", ncols=2)
    assert shown.light != shown.dark
