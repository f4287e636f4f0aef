"""Errors of ways to evaluate focal loss: the exact gradient is checked by differences of the exact loss."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import evaluation_error
from focalbook.figures.style import figure


@pytest.fixture(scope="module")
def numbers() -> evaluation_error.Data:
    return evaluation_error.data(intervals=30, samples=3)


def test_reference_derivative_is_the_derivative_of_the_reference() -> None:
    for t in (-30.0, -1.0, 0.5, 25.0):
        with mp.workdps(50):
            step = mp.mpf(2) ** -40
            after, before = (evaluation_error._exact(t + side * step, 0.5)[0] for side in (1, -1))
            slope = (after - before) / (2 * step)
        assert float(slope) == pytest.approx(float(evaluation_error._exact(t, 0.5)[1]), rel=1e-12)


def test_textbook_formula_breaks_at_both_ends(numbers: evaluation_error.Data) -> None:
    t = numbers.log_odds
    assert np.isnan(numbers.loss_error[0][t < -110]).all()
    assert np.isnan(numbers.gradient_error[0][t > 25]).all()
    assert np.isnan(numbers.gradient_error[1][t > 45]).all()
    assert (numbers.loss_error[0][t > 25] == 1.0).all()


def test_log_odds_keep_single_precision_everywhere(numbers: evaluation_error.Data) -> None:
    assert numbers.loss_error[3].max() < 2e-6
    assert numbers.gradient_error[3].max() < 2e-6


def test_a_probability_cannot_hold_what_the_logits_know(numbers: evaluation_error.Data) -> None:
    t = numbers.log_odds
    assert numbers.loss_error[2][t < 0].max() < 1e-14
    assert (numbers.loss_error[2][t > 40] == 1.0).all()


def test_it_can_be_drawn(numbers: evaluation_error.Data) -> None:
    shown = figure(evaluation_error.draw, numbers, alt="Errors of evaluation", ncols=2)
    assert shown.light != shown.dark
