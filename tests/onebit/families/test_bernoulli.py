"""Bernoulli family. Oracle: the two outcomes, written out."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.onebit.families.bernoulli import BernoulliFamily

FAMILY = BernoulliFamily()


def test_the_bit_is_the_draw():
    eta = np.array([-1.0, 0.0, 2.0])
    p = 1 / (1 + np.exp(-eta))
    np.testing.assert_allclose(np.exp(FAMILY.log_probability(eta, 1.0, 1)), p)
    np.testing.assert_allclose(np.exp(FAMILY.log_probability(eta, 0.2, 0)), 1 - p)
    np.testing.assert_array_equal(FAMILY.conditional_mean(eta, 1.0, 1)[:, 0], 1.0)
    np.testing.assert_array_equal(FAMILY.conditional_mean(eta, 1.0, 0)[:, 0], 0.0)
    np.testing.assert_array_equal(FAMILY.conditional_covariance(eta, 1.0, 0), np.zeros((3, 1, 1)))
    np.testing.assert_array_equal(FAMILY.sufficient([0, 1]), [[0], [1]])


@pytest.mark.parametrize("eta", [-800.0, 800.0])
def test_far_tails_in_logarithms(eta):
    assert float(FAMILY.log_probability(eta, 1.0, int(eta < 0))) == pytest.approx(-800.0)


@pytest.mark.parametrize("tau", [0.0, 1.5, np.nan])
def test_thresholds_that_are_refused(tau):
    with pytest.raises(ValueError, match=r"thresholds lie in \(0, 1\]"):
        FAMILY.log_probability(0.0, tau, 1)
