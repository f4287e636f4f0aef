"""Factors of the imbalance design; oracles: records made by formula, the minimiser, the bound of FE-11."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.contexts import contexts
from focalbook.figures import imbalance_ratio
from focalbook.figures.style import figure
from focalbook.theory.minimizer import minimizer
from tests.imbalance import made_cells


def test_equal_letters_are_one_mark_and_marks_lie_on_their_predictions() -> None:
    numbers = imbalance_ratio.data(made_cells("exact"))
    assert numbers.contexts == ("sixteen equal", "ladder", "favourite")
    assert [len(p) for p in numbers.masses] == [6, 21, 7]
    for p, predicted, value, low, high in zip(
        numbers.masses, numbers.predicted, numbers.measured, numbers.low, numbers.high, strict=True
    ):
        assert predicted.shape == (4, len(p))
        np.testing.assert_allclose(value, predicted, rtol=0.03)
        assert (low < value).all()
        assert (value < high).all()
        assert ((low < predicted) & (predicted < high)).mean() > 0.85


def test_predictions_are_those_of_the_minimiser() -> None:
    numbers = imbalance_ratio.data(made_cells("exact"), ("favourite",), (2.0,))
    q = minimizer(contexts()[4], 2.0) / contexts()[4]
    assert numbers.predicted[0][0, -1] == pytest.approx(q[0])
    assert numbers.predicted[0][0, 0] == pytest.approx(q[-1])
    assert numbers.bound[0] < 1


def test_rare_letters_stay_above_the_bound() -> None:
    numbers = imbalance_ratio.data(made_cells("exact"))
    for g in (1, 2, 3):
        assert numbers.bound[g] < numbers.predicted[0][g, 0] < 1 < numbers.predicted[2][g, 0]
        assert numbers.predicted[1][g].max() > 1


def test_it_can_be_drawn() -> None:
    numbers = imbalance_ratio.data(made_cells("drawn"))
    shown = figure(imbalance_ratio.draw, numbers, alt="Three panels of factors", ncols=3)
    assert shown.light != shown.dark
