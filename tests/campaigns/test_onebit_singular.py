"""Singular designs. Oracles: sums written out, the theory where information grows, brute-force affinities."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.special import ndtr

from focalbook.campaigns.onebit_singular import Case, affinity, grow, thresholds


def test_thresholds_come_in_blocks():
    tau, trials = thresholds(Case("shrinking", 1.0), 3)
    np.testing.assert_array_equal(tau, [1, 0.5, 0.25, -1, -0.5, -0.25])
    np.testing.assert_array_equal(trials, [1, 2, 4, 1, 2, 4])
    tau, _ = thresholds(Case("running", 2.0), 3)
    np.testing.assert_allclose(np.exp(-((tau[:3] - 0.5) ** 2) / 2), [1, 1 / 4, 1 / 16])


def test_affinity_against_all_outcomes():
    tau = np.array([0.3, -0.4, 1.1])
    p, q = ndtr(-tau), ndtr(-tau / 1.25)
    total = sum(
        np.sqrt(np.prod(np.where(bits, p, 1 - p)) * np.prod(np.where(bits, q, 1 - q)))
        for bits in itertools.product((False, True), repeat=3)
    )
    assert affinity(tau, np.ones(3)) == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("kappa", [0.0, 0.25])
def test_where_information_grows_the_spread_is_that_of_theory(kappa):
    found = grow(Case("shrinking", kappa), most=13, replicates=2000)
    assert found.spread[-1] == pytest.approx(found.theory[-1], rel=0.1)
    assert found.affinity[-1] < 0.5 * found.affinity[0]
    slope = np.log(found.theory[-1] / found.theory[-4]) / np.log(found.bits[-1] / found.bits[-4])
    assert slope == pytest.approx(kappa - 0.5, abs=0.02)


@pytest.mark.parametrize("case", [Case("shrinking", 1.0), Case("running", 2.0)])
def test_where_it_is_bounded_nothing_gets_better(case):
    found = grow(case, most=14, replicates=1000)
    assert found.theory[-1] > 0.95 * found.theory[-6]
    assert found.affinity[-1] > 0.9
    assert found.missing[-1] > 0.02
    assert found.smallest[-1] < 1e-2 * found.smallest[0]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Case("shrinking", -1.0), "kappa at least 0"),
        (lambda: Case("still", 1.0), "shrinking or running"),
        (lambda: grow(Case("shrinking", 0.0), most=2), "at least 3"),
        (lambda: thresholds(Case("shrinking", 0.0), 1), "at least 2"),
    ],
)
def test_bad_settings_are_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()
