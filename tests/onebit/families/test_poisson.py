"""Poisson family. Oracle: sums of masses at 50 digits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.onebit.families.poisson import PoissonFamily, check_threshold

FAMILY = PoissonFamily()


def _conditional(mu: float, k: int, bit: int) -> tuple[mp.mpf, mp.mpf, mp.mpf]:
    """log P, mean and variance given the bit, by summing over the counts that matter."""
    with mp.workdps(60):
        m = mp.mpf(mu)
        spread = int(60 * (mu + k) ** 0.5) + 200
        counts = range(k, int(max(k, mu)) + spread) if bit else range(max(0, int(min(k, mu)) - spread), k)
        term = mp.exp(counts[0] * mp.log(m) - m - mp.loggamma(counts[0] + 1))
        total = first = second = mp.mpf(0)
        for x in counts:
            total, first, second = total + term, first + term * (x - k), second + term * (x - k) ** 2
            term *= m / (x + 1)
        mean = first / total
        return mp.log(total), mean + k, second / total - mean**2


@pytest.mark.parametrize(
    ("mu", "k"),
    [(1e-6, 1), (1e-6, 3), (0.5, 2), (3.0, 3), (2.0, 9), (40.0, 35), (40.0, 5), (40.0, 99), (900.0, 700)],
)
@pytest.mark.parametrize("bit", [0, 1])
def test_conditional_moments_against_50_digits(mu, k, bit):
    log_p, mean, variance = _conditional(mu, k, bit)
    eta = np.log(mu)
    relative = max(1.0, abs(eta) * mu * 4)  # the mean itself is known to this many rounding errors
    assert float(FAMILY.conditional_mean(eta, k, bit)[0]) == pytest.approx(
        float(mean), rel=1e-14 * relative + 1e-13
    )
    if variance > 0:
        found = FAMILY.conditional_covariance(eta, k, bit)[0, 0]
        assert float(found) == pytest.approx(float(variance), rel=1e-12 * relative)
    assert float(FAMILY.log_probability(eta, k, bit)) == pytest.approx(float(log_p), rel=1e-12)


def test_threshold_one_in_closed_form():
    """P(X >= 1) = 1 - e^-mu and E[X | X >= 1] = mu / (1 - e^-mu)."""
    mu = np.array([1e-6, 0.1, 1.0, 30.0])
    np.testing.assert_allclose(
        FAMILY.log_probability(np.log(mu), 1, 1),
        np.where(mu < 1, np.log(-np.expm1(-mu)), np.log1p(-np.exp(-mu))),
        rtol=1e-12,
        atol=1e-300,
    )
    np.testing.assert_allclose(
        FAMILY.conditional_mean(np.log(mu), 1, 1)[:, 0], mu / -np.expm1(-mu), rtol=1e-13
    )
    np.testing.assert_array_equal(FAMILY.conditional_mean(np.log(mu), 1, 0)[:, 0], 0.0)
    np.testing.assert_array_equal(FAMILY.conditional_covariance(np.log(mu), 1, 0)[:, 0, 0], 0.0)


@pytest.mark.parametrize("mu", [1e-6, 1e6])
@pytest.mark.parametrize("k", [1, 10**6])
def test_extreme_means_stay_finite(mu, k):
    for bit in (0, 1):
        assert np.isfinite(FAMILY.log_probability(np.log(mu), k, bit))
        assert np.isfinite(FAMILY.conditional_mean(np.log(mu), k, bit)).all()
        assert (FAMILY.conditional_covariance(np.log(mu), k, bit) >= 0).all()


@pytest.mark.parametrize(
    ("tau", "message"),
    [(2.5, "counts are whole numbers"), (0, "says nothing"), (-1, "says nothing"), (np.nan, "dropped first")],
)
def test_thresholds_that_are_refused(tau, message):
    with pytest.raises(ValueError, match=message):
        check_threshold([1, tau])


def test_sufficient_statistic():
    np.testing.assert_array_equal(FAMILY.sufficient([0, 3]), [[0], [3]])
