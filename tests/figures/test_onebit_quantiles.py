"""Quantiles. Oracle: the points they are taken from."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.onebit_coverage import OnebitCoverage, run
from focalbook.figures import onebit_quantiles
from focalbook.figures.style import figure

POINTS = run(OnebitCoverage(bits=(50, 5_000), replicates=2000))
NUMBERS = onebit_quantiles.data(
    [("s", POINTS["gaussian"], 1), ("mu", POINTS["poisson"], 0)], bits=(50, 5_000, 7)
)


def test_quantiles_are_those_of_the_points() -> None:
    assert NUMBERS.bits == ((50, 5_000), (50, 5_000))
    np.testing.assert_array_equal(NUMBERS.quantiles[0][1], POINTS["gaussian"][1].quantiles[1])


def test_many_bits_are_nearer_to_the_diagonal() -> None:
    for panel in NUMBERS.quantiles:
        few, many = np.abs(panel - NUMBERS.normal).max(axis=1)
        assert many < 0.6 * few


def test_missing_points_are_named() -> None:
    with pytest.raises(ValueError, match="no point"):
        onebit_quantiles.data([("s", POINTS["gaussian"], 1)], bits=(3,))


def test_it_can_be_drawn() -> None:
    shown = figure(onebit_quantiles.draw, NUMBERS, alt="Quantiles near a diagonal", ncols=2)
    assert shown.light != shown.dark
