"""Errors of round trips: oracle mpmath for the textbook root where it exists."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import mean_round_trip
from focalbook.figures.style import figure


def test_only_the_best_origin_keeps_every_digit() -> None:
    numbers = mean_round_trip.data(points=57)
    assert numbers.best.max() < 1e-12
    small = numbers.beta < 1e-6
    assert np.nanmax(numbers.zero[small]) > 1e-10
    assert np.isnan(numbers.textbook[small]).any()


def test_textbook_root_where_it_is_well_conditioned() -> None:
    with mp.workdps(40):
        want = mp.findroot(lambda b: 1 / b - 1 / mp.expm1(b) - mp.mpf(0.2), 5)
    assert mean_round_trip._textbook(0.2, 5.0) == pytest.approx(float(want), rel=1e-12)


def test_it_can_be_drawn() -> None:
    shown = figure(mean_round_trip.draw, mean_round_trip.data(points=15), alt="Errors against beta")
    assert shown.light != shown.dark
