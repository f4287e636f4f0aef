"""Moment over the root of n. Oracle: the sum over numbers of ones."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from focalbook.figures import pac_coder
from focalbook.figures.style import figure


def test_moment_against_the_sum() -> None:
    numbers = pac_coder.data(200, 12)
    for n, value in zip(numbers.n, numbers.moment, strict=True):
        k = np.arange(n + 1)
        assert abs(binom.pmf(k, n, k / n).sum() / np.sqrt(n) / value - 1) < 1e-12


def test_order_of_the_bounds() -> None:
    numbers = pac_coder.data(10**5, 40)
    assert (numbers.moment <= 2.0).all()
    assert (numbers.moment <= numbers.factorials).all()
    assert (numbers.factorials <= 2.0)[numbers.n >= 8].all()
    assert (numbers.factorials > 2.0)[numbers.n < 8].all()


def test_it_can_be_drawn() -> None:
    shown = figure(pac_coder.draw, pac_coder.data(100, 10), alt="A falling curve below a line")
    assert shown.light != shown.dark
