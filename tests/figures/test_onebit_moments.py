"""Bias and variance. Oracle: the points they are taken from."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.onebit_coverage import OnebitCoverage, run
from focalbook.figures import onebit_moments
from focalbook.figures.style import figure

POINTS = run(OnebitCoverage(bits=(50, 5_000), replicates=2000))
NUMBERS = onebit_moments.data([("s", POINTS["gaussian"], 1), ("mu", POINTS["poisson"], 0)])


def test_bias_is_in_units_of_the_standard_error() -> None:
    point = POINTS["gaussian"][0]
    unit = np.sqrt(point.limit[1, 1] / 50)
    assert NUMBERS.bias[0, 0] == pytest.approx(point.bias[1] / unit)
    assert NUMBERS.bias_error[0, 0] == pytest.approx(point.bias_error[1] / unit)
    assert NUMBERS.ratio[1, 1] == POINTS["poisson"][1].ratio[0]


def test_series_share_their_bits() -> None:
    with pytest.raises(ValueError, match="share one list"):
        onebit_moments.data([("s", POINTS["gaussian"], 1), ("mu", POINTS["poisson"][:1], 0)])


def test_it_can_be_drawn() -> None:
    shown = figure(onebit_moments.draw, NUMBERS, alt="Bias and variance against bits", ncols=2)
    assert shown.light != shown.dark
