"""Entropy along a tail that is split: oracle sums over the few distinct masses."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import split_tail_entropy
from focalbook.figures.style import figure
from focalbook.theory.minimizer import minimizer


def test_change_of_entropy_by_hand() -> None:
    numbers = split_tail_entropy.data(gammas=(1.0,), counts=(300,))
    p = np.repeat([0.1, 0.001], [7, 300])
    q = minimizer(p, 1.0)
    want = -(q * np.log(q)).sum() + (p * np.log(p)).sum()
    assert numbers.focal[0, 0] == pytest.approx(want, rel=1e-9)
    assert numbers.multiplier[0, 0] > 1


def test_focal_falls_and_the_bound_does_not() -> None:
    numbers = split_tail_entropy.data()
    assert (numbers.penalised >= -1e-12).all()
    assert (np.diff(numbers.focal[:, -4:], axis=1) < 0).all()
    assert numbers.focal[:, -1].max() < -0.1


def test_it_can_be_drawn() -> None:
    numbers = split_tail_entropy.data(counts=(1, 10, 100))
    shown = figure(split_tail_entropy.draw, numbers, alt="Falling and rising curves", ncols=2)
    assert shown.light != shown.dark
