"""Probability of no maximum. Oracles: fits of every outcome, closed forms, the fall of exact values."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.onebit_coverage import DESIGNS, Design, exact
from focalbook.campaigns.onebit_no_maximum import missing, rates
from focalbook.onebit import Gaussian, Poisson

TILTED = Design(Gaussian(1.0, [-0.5, 0.1, 1.9]), (0.3, 0.8))


@pytest.mark.parametrize("design", [DESIGNS["three thresholds"], TILTED])
@pytest.mark.parametrize("n", [6, 7, 12, 31])
def test_against_fits_of_every_outcome(design, n):
    listed, found = exact(design, n), missing(design, n)
    assert found.probability == pytest.approx(listed.missing.sum(), rel=1e-11)
    assert 0 < found.edge < found.probability


def test_three_bits_are_never_enough():
    assert missing(DESIGNS["three thresholds"], 3).probability == pytest.approx(1.0, rel=1e-12)


def test_poisson_in_closed_form():
    found = missing(Design(Poisson(1.0, [1]), (0.7,)), 20)
    assert found.probability == pytest.approx(np.exp(-14.0) + (1 - np.exp(-0.7)) ** 20, rel=1e-12)
    assert found.edge == 0.0


@pytest.mark.parametrize("design", [DESIGNS["three thresholds"], TILTED])
def test_the_rates_are_those_of_the_exact_values(design):
    rate = rates(design)
    one, two = missing(design, 300), missing(design, 600)
    assert np.log(one.separated / two.separated) / 300 == pytest.approx(rate["separated"], rel=0.01)
    assert np.log(one.edge / two.edge) / 300 == pytest.approx(rate["edge"], rel=0.02)  # a factor 1/sqrt n


def test_the_rate_of_a_poisson():
    design = DESIGNS["poisson"]
    one, two = missing(design, 100), missing(design, 200)
    assert np.log(one.probability / two.probability) / 100 == pytest.approx(
        rates(design)["separated"], rel=1e-9
    )


@pytest.mark.parametrize(
    "model",
    [Gaussian(1.0, [0.0, 1.0]), Gaussian([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0]), Gaussian(1.0, [1.0, 0.0, 2.0])],
)
def test_other_designs_are_refused(model):
    with pytest.raises(ValueError, match="three rows of equal w"):
        missing(Design(model, (0.0, 1.0)), 30)
