"""What the weight takes off: oracle the definitions, written out."""

from __future__ import annotations

import numpy as np

from focalbook.figures import entropy_weights
from focalbook.figures.style import figure


def test_curves_are_the_definitions() -> None:
    numbers = entropy_weights.data()
    q = numbers.q
    for k, gamma in enumerate(numbers.gammas):
        np.testing.assert_allclose(numbers.off[k], -np.log(q) * (1 - (1 - q) ** gamma), rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(numbers.bernoulli[k], -gamma * q * np.log(q), rtol=1e-13)
        coin = -gamma * (q * np.log(q) + (1 - q) * np.log(1 - q))
        np.testing.assert_allclose(numbers.coin[k], coin, rtol=1e-12)


def test_bernoulli_fails_below_one_only() -> None:
    numbers = entropy_weights.data((0.5, 2.0))
    assert (numbers.off[0] > numbers.bernoulli[0]).all()
    assert (numbers.off[1] < numbers.bernoulli[1]).all()
    assert (numbers.off < numbers.coin).all()


def test_it_can_be_drawn() -> None:
    shown = figure(entropy_weights.draw, entropy_weights.data(), alt="Three curves in two panels", ncols=2)
    assert shown.light != shown.dark
