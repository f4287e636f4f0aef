"""Tails of the families. Oracle: mpmath at 50 digits, by erfc and by sums of Poisson masses."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.onebit import _tails
from tests.onebit.oracles import mp_normal, mp_poisson, worst


def _numbers(tails: _tails.Tails) -> list[float]:
    return [float(np.ravel(x)[0]) for x in tails]


@pytest.mark.parametrize("z", [0.0, 1e-9, 0.5, -1.0, 2.9999, -3.0001, 3.5, -8.0, 20.0, -35.0, 35.0])
def test_normal_tails_against_50_digits(z):
    assert worst(_numbers(_tails.normal_tails(np.array([z]))), mp_normal(z)) < 5e-14


@pytest.mark.parametrize("z", [-37.0, -60.0, -1e3, -1e6])
def test_normal_rare_side_far_out(z):
    found = _tails.normal_tails(np.array([z]))
    with mp.workdps(80):  # the asymptotic series of the hazard: x + 1/x - 2/x^3 + 10/x^5 - ...
        x = mp.mpf(-z)
        excess = 1 / x - 2 / x**3 + 10 / x**5 - 74 / x**7 + 706 / x**9 - 8162 / x**11
        slope = x + excess
        log_p = -x * x / 2 - mp.log(2 * mp.pi) / 2 - mp.log(slope)
    assert worst([found.log_one[0], found.slope_one[0]], (log_p, slope)) < 1e-15
    assert float(found.curve_one[0]) == pytest.approx(float(-slope * excess), rel=1e-13)
    assert 0 >= found.log_zero[0] > -1e-290  # the other side is certain


@pytest.mark.parametrize("k", [1, 2, 7, 30, 31, 400, 10**6])
@pytest.mark.parametrize(
    "mu", [1e-6, 0.02, 1.0, 6.5, 7.0, 29.0, 31.0, 48.0, 380.0, 401.0, 460.0, 998500.0, 1e6]
)
def test_poisson_tails_against_50_digits(mu, k):
    found = _tails.poisson_tails(np.array([mu]), np.array([float(k)]))
    assert worst(_numbers(found), mp_poisson(mu, k)) < 3e-13


@given(st.floats(-3, 3), st.integers(1, 10**6))
def test_poisson_tails_at_every_threshold_near_the_mean(z, k):
    mu = max(k + z * np.sqrt(k), 0.05)
    found = _tails.poisson_tails(np.array([mu]), np.array([float(k)]))
    total = np.exp(found.log_one) + np.exp(found.log_zero)
    assert total[0] == pytest.approx(1.0, abs=1e-14)
    assert all(np.isfinite(x[0]) for x in found)


@given(st.floats(-40, 40))
def test_normal_tails_are_mirrored_and_concave(z):
    here, there = _tails.normal_tails(np.array([z])), _tails.normal_tails(np.array([-z]))
    assert here.log_one == there.log_zero
    assert here.slope_one == -there.slope_zero
    assert here.curve_one == there.curve_zero
    assert here.curve_one[0] <= 0
    assert here.weight[0] >= 0


@pytest.mark.parametrize("z", [-700.0, -30.0, -1.0, 0.0, 0.3, 5.0, 40.0])
def test_logistic_tails_against_50_digits(z):
    with mp.workdps(400):
        p = 1 / (1 + mp.exp(-mp.mpf(z)))
        exact = (mp.log(p), mp.log(1 - p), 1 - p, -p, -p * (1 - p), -p * (1 - p))
    assert worst(_numbers(_tails.logistic_tails(np.array([z]))), exact) < 1e-14


def test_derivatives_agree_with_differences():
    """Oracle: central differences of the log-probabilities."""
    z = np.linspace(-5, 5, 21)
    h = 1e-5
    for tails in (
        _tails.normal_tails,
        _tails.logistic_tails,
        lambda y: _tails.poisson_tails(np.exp(y), np.float64(9.0) * np.ones(1)),
    ):
        up, down, here = tails(z + h), tails(z - h), tails(z)
        np.testing.assert_allclose(
            (up.log_one - down.log_one) / (2 * h), here.slope_one, rtol=1e-6, atol=1e-9
        )
        np.testing.assert_allclose(
            (up.log_zero - down.log_zero) / (2 * h), here.slope_zero, rtol=1e-6, atol=1e-9
        )
        np.testing.assert_allclose(
            (up.slope_one - down.slope_one) / (2 * h), here.curve_one, rtol=1e-6, atol=1e-9
        )
        np.testing.assert_allclose(
            (up.slope_zero - down.slope_zero) / (2 * h), here.curve_zero, rtol=1e-6, atol=1e-9
        )


def test_weight_is_the_information_of_a_bit():
    """Oracle: f^2 / (p1 p0) from SciPy's distribution function."""
    from scipy.stats import norm

    z = np.linspace(-6, 6, 25)
    expected = norm.pdf(z) ** 2 / (norm.cdf(z) * norm.sf(z))
    np.testing.assert_allclose(_tails.normal_tails(z).weight, expected, rtol=1e-12)
