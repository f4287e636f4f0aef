"""Singular designs. Oracle: the campaign."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.onebit_singular import Case, grow
from focalbook.figures import onebit_singular
from focalbook.figures.style import figure

CASES = (Case("shrinking", 0.0), Case("running", 2.0))
NUMBERS = onebit_singular.data(CASES, most=6, replicates=200)


def test_numbers_are_those_of_the_campaign() -> None:
    want = grow(CASES[1], 6, 200, seed=1)
    np.testing.assert_array_equal(NUMBERS.growths[1].theory, want.theory)
    np.testing.assert_array_equal(NUMBERS.growths[1].missing, want.missing)


def test_it_can_be_drawn() -> None:
    shown = figure(onebit_singular.draw, NUMBERS, alt="Spread and affinity against bits", ncols=2)
    assert shown.light != shown.dark
