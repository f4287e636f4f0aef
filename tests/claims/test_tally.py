"""Comparisons. Oracle: residuals worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from focalbook.claims.tally import Tally


def test_equal_is_relative() -> None:
    tally = Tally(1e-3, "here")
    tally.equal([1.0, 200.0], [1.0, 100.0])
    check = tally.done()
    assert check.residual == 1.0
    assert (check.count, check.tolerance, check.domain) == (2, 1e-3, "here")


def test_equal_with_a_floor_and_with_another_tolerance() -> None:
    tally = Tally(1e-6, "")
    tally.equal(1e-9, 0.0, floor=1.0)
    assert tally.residual == pytest.approx(1e-9)
    tally.equal(1.001, 1.0, within=1e-2)
    assert tally.residual == pytest.approx(1e-7)


def test_infinities_are_equal_to_themselves_only() -> None:
    tally = Tally(1.0, "")
    tally.equal([np.inf, -np.inf], [np.inf, -np.inf])
    assert tally.residual == 0.0
    tally.equal(1.0, np.inf)
    assert math.isinf(tally.residual)


def test_at_least_measures_the_violation() -> None:
    tally = Tally(1.0, "")
    tally.at_least([2.0, 1.0, np.inf], [1.0, 1.0, np.inf])
    assert tally.residual == 0.0
    tally.at_least(0.9, 1.0)
    assert tally.residual == pytest.approx(0.1)


def test_yes_or_no() -> None:
    tally = Tally(1e9, "")
    tally.more_than([2.0, 3.0], 1.0)
    assert tally.done().passed
    tally.more_than(1.0, 1.0)
    assert not tally.done().passed
    assert tally.count == 3


@pytest.mark.parametrize("compare", ["equal", "at_least"])
def test_nan_never_passes(compare: str) -> None:
    tally = Tally(1.0, "")
    getattr(tally, compare)(np.nan, 1.0)
    assert not tally.done().passed


def test_nothing_compared_does_not_pass() -> None:
    tally = Tally(1.0, "")
    tally.holds([])
    assert not tally.done().passed
