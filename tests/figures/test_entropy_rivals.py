"""Rivals of equal mean: oracle naive sums."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import entropy_rivals
from focalbook.figures.style import figure


def test_means_entropies_and_divergences() -> None:
    numbers = entropy_rivals.data(count=40)
    np.testing.assert_allclose(numbers.rivals @ numbers.energies, numbers.mean, rtol=1e-12)
    for row, lack, divergence in zip(numbers.rivals, numbers.lack, numbers.divergence, strict=True):
        own = -sum(x * np.log(x) for x in row)
        most = -sum(x * np.log(x) for x in numbers.best)
        assert lack == pytest.approx(most - own, rel=1e-9, abs=1e-13)
        assert divergence == pytest.approx(
            sum(x * np.log(x / y) for x, y in zip(row, numbers.best, strict=True))
        )
        assert lack == pytest.approx(divergence, rel=1e-9, abs=1e-12)


def test_it_can_be_drawn() -> None:
    shown = figure(
        entropy_rivals.draw, entropy_rivals.data(count=60), alt="Points on a straight line", ncols=2
    )
    assert shown.light != shown.dark
