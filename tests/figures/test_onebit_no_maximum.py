"""Probability of no maximum. Oracle: the campaign, and binomial errors of the draws."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.onebit_coverage import DESIGNS
from focalbook.campaigns.onebit_no_maximum import missing
from focalbook.figures import onebit_no_maximum
from focalbook.figures.style import figure

NUMBERS = onebit_no_maximum.data(most=60, replicates=4000, drawn=(9, 30))


def test_draws_agree_with_exact_values() -> None:
    for n, share in NUMBERS.drawn.T:
        want = missing(DESIGNS["three thresholds"], int(n)).probability
        assert abs(share - want) < 4 * np.sqrt(want * (1 - want) / 4000)


def test_values_fall_at_their_rates() -> None:
    fall = np.log(NUMBERS.poisson[-2] / NUMBERS.poisson[-1]) / 3
    assert fall == pytest.approx(NUMBERS.rate["poisson"], rel=0.3)
    assert NUMBERS.rate["separated"] < NUMBERS.rate["edge"]


def test_bad_sizes_are_named() -> None:
    with pytest.raises(ValueError, match="at least 9"):
        onebit_no_maximum.data(most=3)


def test_it_can_be_drawn() -> None:
    shown = figure(onebit_no_maximum.draw, NUMBERS, alt="Three falling lines of points")
    assert shown.light != shown.dark
