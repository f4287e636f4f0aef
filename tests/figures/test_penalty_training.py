"""Training curves: oracle the runs they come from, and a closed equation for the floor."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.entropy_penalty import train_all
from focalbook.figures import penalty_training
from focalbook.figures.style import figure


def test_floor_solves_its_equation_and_curves_are_those_of_the_runs() -> None:
    runs = train_all(1.0, steps=20)
    numbers = penalty_training.data(runs)
    q = numbers.floor
    assert 1 / q == pytest.approx(np.log(q / ((1 - q) / 9)), rel=1e-12)  # equal slopes of all classes
    for k, run in enumerate(runs):
        np.testing.assert_array_equal(numbers.confidence[k], run.confidence)
        np.testing.assert_array_equal(numbers.spread[k], run.spread)
    shown = figure(penalty_training.draw, numbers, alt="Three training curves", ncols=2)
    assert shown.light != shown.dark
