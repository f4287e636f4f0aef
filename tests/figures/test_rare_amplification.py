"""Amplification of a rare class: oracle the equation of two classes in 40-digit arithmetic."""

from __future__ import annotations

import mpmath as mp
import pytest

from focalbook.figures import rare_amplification
from focalbook.figures.style import figure


@pytest.mark.parametrize("place", [0, 2, 3])
def test_rare_probability_solves_its_equation(place: int) -> None:
    numbers = rare_amplification.data(points=7)
    gamma = mp.mpf(numbers.gammas[place])
    with mp.workdps(40):
        for e, q in zip(numbers.e, numbers.q[place], strict=True):
            x = mp.mpf(q)
            phi = [(1 - y) ** gamma / y - gamma * (1 - y) ** (gamma - 1) * mp.log(y) for y in (x, 1 - x)]
            odds = mp.mpf(e) / (1 - mp.mpf(e))
            assert float(phi[1] / phi[0] / odds) == pytest.approx(1.0, rel=1e-10)


def test_error_has_the_order_of_the_claim() -> None:
    numbers = rare_amplification.data(gammas=(1.0,), points=5, rarest=1e-24)
    order = rare_amplification.first_order_error(numbers.q[0], 1.0)
    ratio = numbers.error[0] / order
    assert ratio[0] == pytest.approx(1.0, abs=0.1)
    assert abs(ratio[0] - 1) < abs(ratio[2] - 1)


def test_it_can_be_drawn() -> None:
    shown = figure(rare_amplification.draw, rare_amplification.data(points=9), alt="Two panels", ncols=2)
    assert shown.light != shown.dark
