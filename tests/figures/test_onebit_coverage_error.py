"""Errors of coverage. Oracles: the points, and exact sums over outcomes."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.onebit_coverage import DESIGNS, OnebitCoverage, exact, run
from focalbook.figures import onebit_coverage_error
from focalbook.figures.style import figure

POINTS = run(OnebitCoverage(designs=("gaussian",), bits=(50, 500), replicates=2000))["gaussian"]
SIZES = np.unique(np.geomspace(30, 900, 96).astype(int)).tolist()
NUMBERS = onebit_coverage_error.data(POINTS, lattice=SIZES)


def test_errors_are_those_of_the_points() -> None:
    assert NUMBERS.wrong["wald"][0] == POINTS[0].coverage["wald"][1] - 0.95
    at = SIZES.index(30)
    assert NUMBERS.exact[at] == exact(DESIGNS["one threshold"], 30).coverage["wald"][0] - 0.95


def test_on_a_lattice_the_error_falls_more_slowly() -> None:
    assert -0.85 < NUMBERS.exponent < -0.3
    assert (np.diff(NUMBERS.largest) < 0).mean() > 0.5


def test_it_can_be_drawn() -> None:
    shown = figure(onebit_coverage_error.draw, NUMBERS, alt="Errors of coverage against bits", ncols=2)
    assert shown.light != shown.dark
