"""The gain as the slope of focal loss in the log loss: finite differences, closed forms at gamma = 1."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import exchange_rate
from focalbook.figures.style import figure


def test_slope_in_the_log_loss_is_the_gain() -> None:
    numbers = exchange_rate.data((0.5, 2.0), points=4001)
    slope = np.gradient(numbers.loss, numbers.surprisal, axis=1)
    inner = slice(200, -1)  # past the square-root corner at q = 1
    for measured, gain in zip(slope, numbers.gain, strict=True):
        expected = np.interp(np.exp(-numbers.surprisal), numbers.q, gain)
        np.testing.assert_allclose(measured[inner], expected[inner], atol=2e-4)


def test_marks_of_gamma_one_are_closed_forms() -> None:
    numbers = exchange_rate.data((1.0,), points=5)
    assert numbers.crossing[0] == pytest.approx(np.exp(-1), rel=1e-14)
    assert numbers.peak[0] == pytest.approx(np.exp(-2), rel=1e-14)
    assert numbers.maximum[0] == pytest.approx(1 + np.exp(-2), rel=1e-14)
    assert numbers.crossing_loss[0] == pytest.approx(1 - np.exp(-1), rel=1e-14)


def test_zero_gamma_has_no_marks() -> None:
    with pytest.raises(ValueError, match="above 0"):
        exchange_rate.data((0.0, 1.0))


def test_it_can_be_drawn() -> None:
    shown = figure(exchange_rate.draw, exchange_rate.data(points=20), alt="Loss paid and gain", ncols=2)
    assert shown.light != shown.dark
