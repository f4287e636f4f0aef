"""Exponential family. Oracle: closed forms in mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.onebit.families.exponential import ExponentialFamily

FAMILY = ExponentialFamily()


@pytest.mark.parametrize("rate", [1e-8, 0.01, 0.3, 0.499, 0.501, 2.0, 50.0, 900.0])
def test_below_the_threshold_against_50_digits(rate):
    tau = 2.0
    with mp.workdps(900):  # exp(-1800) beside 1
        r = mp.mpf(rate)
        e = mp.expm1(r * tau)
        mean = 1 / r - tau / e
        variance = 1 / r**2 - tau**2 * (1 / e) * (1 + 1 / e)
        log_p = mp.log(-mp.expm1(-r * tau))
    assert float(FAMILY.conditional_mean(-rate, tau, 0)[0]) == pytest.approx(float(mean), rel=1e-13)
    assert float(FAMILY.conditional_covariance(-rate, tau, 0)[0, 0]) == pytest.approx(
        float(variance), rel=1e-12
    )
    assert float(FAMILY.log_probability(-rate, tau, 0)) == pytest.approx(float(log_p), rel=1e-14, abs=1e-300)


def test_no_memory_above_the_threshold():
    rate, tau = np.array([0.1, 3.0]), 4.0
    np.testing.assert_allclose(FAMILY.conditional_mean(-rate, tau, 1)[:, 0], tau + 1 / rate)
    np.testing.assert_allclose(FAMILY.conditional_covariance(-rate, tau, 1)[:, 0, 0], 1 / rate**2)
    np.testing.assert_allclose(FAMILY.log_probability(-rate, tau, 1), -rate * tau)


def test_refusals():
    with pytest.raises(ValueError, match=r"-rate must be below 0, got 1\.0"):
        FAMILY.mean(1.0)


def test_sufficient_statistic():
    np.testing.assert_array_equal(FAMILY.sufficient([0.5, 3]), [[0.5], [3]])
