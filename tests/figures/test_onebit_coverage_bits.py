"""Coverage by bits. Oracle: the points it is taken from."""

from __future__ import annotations

import pytest

from focalbook.campaigns.onebit_coverage import OnebitCoverage, run
from focalbook.figures import onebit_coverage_bits
from focalbook.figures.style import figure

POINTS = run(OnebitCoverage(bits=(50, 5_000), replicates=2000))
NUMBERS = onebit_coverage_bits.data([("s", POINTS["gaussian"], 1), ("mu", POINTS["poisson"], 0)])


def test_coverage_and_its_error_are_those_of_the_points() -> None:
    point = POINTS["gaussian"][0]
    value = point.coverage["wald"][1]
    assert NUMBERS.coverage["wald"][0, 0] == value
    assert NUMBERS.error["wald"][0, 0] == point.error(value)
    assert NUMBERS.uncensored[1] == POINTS["poisson"][-1].coverage["uncensored"][0]


def test_panels_share_their_bits() -> None:
    with pytest.raises(ValueError, match="share one list"):
        onebit_coverage_bits.data([("s", POINTS["gaussian"], 1), ("mu", POINTS["poisson"][:1], 0)])


def test_it_can_be_drawn() -> None:
    shown = figure(onebit_coverage_bits.draw, NUMBERS, alt="Coverage with error bars", ncols=2)
    assert shown.light != shown.dark
