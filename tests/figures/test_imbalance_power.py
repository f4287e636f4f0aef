"""Lowering and power; oracles: the table of power, records made by formula."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.agreement import deepest
from focalbook.figures import imbalance_power
from focalbook.figures.style import figure
from tests.imbalance import made_cells


def test_numbers_are_those_of_the_deepest_cells() -> None:
    numbers = imbalance_power.data(made_cells("drawn"))
    assert numbers.gammas.tolist() == [0.5, 1.0, 2.0, 3.0, 5.0]
    one = deepest(made_cells("drawn"), 3.0, rare=2)
    assert numbers.predicted[3, 2] == pytest.approx(100 * (1 - one.predicted))
    assert numbers.low[3, 2] == pytest.approx(100 * (1 - one.measured.high))
    assert numbers.high[3, 2] == pytest.approx(100 * (1 - one.measured.low))
    assert numbers.detectable[3, 2] == pytest.approx(100 * np.array(one.detectable))


def test_lowering_grows_with_gamma_and_with_rarity() -> None:
    numbers = imbalance_power.data(made_cells("drawn"))
    assert (np.diff(numbers.predicted[:, -1]) > 0).all()
    assert (np.diff(numbers.predicted, axis=1) > 0).all()
    assert (numbers.low < numbers.measured).all()
    assert (numbers.measured < numbers.high).all()


def test_it_can_be_drawn() -> None:
    numbers = imbalance_power.data(made_cells("drawn"))
    shown = figure(imbalance_power.draw, numbers, alt="Curves above a shaded area")
    assert shown.light != shown.dark
