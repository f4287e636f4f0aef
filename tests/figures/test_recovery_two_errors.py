"""The idealised network. Oracles: a grid of temperatures, and zero where theory says zero."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import recovery_two_errors
from focalbook.figures.style import figure


@pytest.fixture(scope="module")
def shown() -> recovery_two_errors.Data:
    return recovery_two_errors.data(gamma=3.0, classes=4, rows=60)


def test_recovery_and_its_temperature_give_the_truth(shown: recovery_two_errors.Data) -> None:
    np.testing.assert_allclose(shown.excess[3], 0, atol=1e-9)
    assert (shown.excess[:3] >= -1e-12).all()
    one = np.argmin(np.abs(np.log(shown.boldness)))
    assert abs(shown.excess[2].argmin() - one) <= 1  # recovery alone is right where nothing is bold


def test_a_temperature_is_never_worse_than_none(shown: recovery_two_errors.Data) -> None:
    assert (shown.excess[1] <= shown.excess[0] + 1e-9).all()
    assert (np.diff(shown.temperature) > 0).all()
    assert (shown.temperature < shown.boldness).all()


def test_recovery_helps_on_one_side_of_the_line(shown: recovery_two_errors.Data) -> None:
    better = shown.excess[2] < shown.excess[0]
    np.testing.assert_array_equal(better, shown.boldness < shown.helps)
    assert shown.foretold > 1
    assert abs(np.log(shown.helps / shown.foretold)) < 0.15


def test_it_can_be_drawn(shown: recovery_two_errors.Data) -> None:
    chart = figure(recovery_two_errors.draw, shown, alt="Three curves with dips")
    assert chart.light != chart.dark
