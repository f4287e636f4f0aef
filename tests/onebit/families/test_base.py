"""Identities that hold for every family: derivatives of the log-partition and of the event probability."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.onebit.families import BernoulliFamily, ExponentialFamily, GaussianFamily, PoissonFamily
from focalbook.onebit.families.base import check_bit, natural

#: family, natural parameters (n, k), thresholds (n,)
CASES = [
    (GaussianFamily(), np.array([[0.3, -0.5], [2.0, -0.2], [-1.0, -3.0]]), np.array([0.5, -1.0, 0.7])),
    (PoissonFamily(), np.array([[-2.0], [0.5], [3.0]]), np.array([1.0, 3.0, 20.0])),
    (ExponentialFamily(), np.array([[-2.0], [-0.5], [-0.1]]), np.array([0.3, 2.0, 7.0])),
    (BernoulliFamily(), np.array([[-2.0], [0.5], [3.0]]), np.array([1.0, 0.5, 1.0])),
]
IDS = [type(case[0]).__name__ for case in CASES]
H = 1e-5


def _gradient(function, eta):
    """Central differences in the last axis."""
    parts = [(function(eta + H * e) - function(eta - H * e)) / (2 * H) for e in np.eye(eta.shape[-1])]
    return np.stack(parts, axis=-1)


@pytest.mark.parametrize(("family", "eta", "tau"), CASES, ids=IDS)
def test_moments_are_derivatives_of_the_log_partition(family, eta, tau):
    np.testing.assert_allclose(_gradient(family.log_partition, eta), family.mean(eta), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(_gradient(family.mean, eta), family.covariance(eta), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("bit", [0, 1])
@pytest.mark.parametrize(("family", "eta", "tau"), CASES, ids=IDS)
def test_conditional_moments_are_derivatives_of_the_event_probability(family, eta, tau, bit):
    def log_p(e):
        return family.log_probability(e, tau, bit)

    gap = family.conditional_mean(eta, tau, bit) - family.mean(eta)
    np.testing.assert_allclose(_gradient(log_p, eta), gap, rtol=1e-6, atol=1e-8)
    slopes = _gradient(lambda e: family.conditional_mean(e, tau, bit), eta)
    np.testing.assert_allclose(slopes, family.conditional_covariance(eta, tau, bit), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("family", "eta", "tau"), CASES, ids=IDS)
def test_the_law_of_total_expectation(family, eta, tau):
    p = [np.exp(family.log_probability(eta, tau, bit)) for bit in (0, 1)]
    np.testing.assert_allclose(p[0] + p[1], 1.0, rtol=1e-14)
    mean = sum(p[bit][:, None] * family.conditional_mean(eta, tau, bit) for bit in (0, 1))
    np.testing.assert_allclose(mean, family.mean(eta), rtol=1e-12)


@pytest.mark.parametrize(("family", "eta", "tau"), CASES, ids=IDS)
def test_bits_other_than_0_and_1_are_refused(family, eta, tau):
    for call in (family.log_probability, family.conditional_mean, family.conditional_covariance):
        with pytest.raises(ValueError, match="bit must be 0"):
            call(eta, tau, 2)


def test_natural_parameters_keep_their_axis():
    assert natural(1.0, 1).shape == (1,)
    assert natural([1.0, 2.0], 1).shape == (2, 1)
    assert natural([[1.0, 2.0]], 2).shape == (1, 2)
    with pytest.raises(ValueError, match="expected a last axis of 2"):
        natural([1.0, 2.0, 3.0], 2)
    assert check_bit(True) == 1
