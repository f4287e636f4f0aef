"""Errors of the imbalance design; oracles: records made by formula, a plain loop."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.measures import over_seeds
from focalbook.figures import imbalance_agreement
from focalbook.figures.style import figure
from tests.imbalance import made_cells

VARIANTS = {"drawn letters": made_cells("drawn"), "exact": made_cells("exact")}


def test_errors_are_those_of_a_loop() -> None:
    numbers = imbalance_agreement.data(VARIANTS)
    found = made_cells("drawn")
    each = [np.mean([run[3, c, 20] - found.predicted[3, c, 20] for c in range(5)]) for run in found.runs]
    expected = over_seeds(each)
    assert numbers.error[0, 3, 4] == pytest.approx(100 * np.expm1(expected.value))
    assert numbers.low[0, 3, 4] == pytest.approx(100 * np.expm1(expected.low))
    single = np.mean([run[3, 1, 20] - found.predicted[3, 1, 20] for run in found.runs])
    assert numbers.single[0, 3, 4, 1] == pytest.approx(100 * np.expm1(single))
    assert numbers.margin == pytest.approx(5.0)


def test_noise_grows_towards_the_rarest_and_is_larger_for_drawn_letters() -> None:
    numbers = imbalance_agreement.data(VARIANTS)
    width = (numbers.high - numbers.low).mean(axis=1)
    assert (np.diff(width, axis=1) > 0).all()
    assert (width[0] > width[1]).all()
    assert np.abs(numbers.error).max() < 5


def test_it_can_be_drawn() -> None:
    numbers = imbalance_agreement.data(VARIANTS)
    shown = figure(imbalance_agreement.draw, numbers, alt="Two panels of errors", ncols=2)
    assert shown.light != shown.dark
