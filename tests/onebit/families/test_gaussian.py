"""Normal family. Oracle: mpmath, integrating the truncated density at 50 digits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.onebit.families.gaussian import GaussianFamily, residual_moments, truncated_moments

FAMILY = GaussianFamily()


def _integrated(alpha: float) -> list[mp.mpf]:
    """Mean and central quantities of Y given Y >= alpha, from closed forms of moments at 120 digits."""
    with mp.workdps(150):
        a = mp.mpf(alpha)
        h = mp.npdf(a) / (mp.erfc(a / mp.sqrt(2)) / 2)
        y = [mp.mpf(1), h, 1 + a * h, (a**2 + 2) * h, 3 + h * (a**3 + 3 * a)]  # E Y^j
        r = [sum(mp.binomial(j, i) * y[i] * (-a) ** (j - i) for i in range(j + 1)) for j in range(5)]
        if a > 0:
            return [r[1], r[2], r[2] - r[1] ** 2, r[3] - r[1] * r[2], r[4] - r[2] ** 2]
        return [y[1], y[2], y[2] - y[1] ** 2, y[3] - y[1] * y[2], y[4] - y[2] ** 2]


@pytest.mark.parametrize("alpha", [1e-3, 0.7, 2.0, 2.999, 3.001, 8.0, 35.0, 1e4])
def test_residual_moments_against_50_digits(alpha):
    found = residual_moments(np.array([alpha]))
    for value, exact in zip(found, _integrated(alpha), strict=True):
        assert abs(mp.mpf(float(value[0])) / exact - 1) < 1e-12


@pytest.mark.parametrize("alpha", [-1e-3, -0.7, -2.0, -8.0, -35.0])
def test_truncated_moments_against_50_digits(alpha):
    found = truncated_moments(np.array([alpha]))
    for value, exact in zip(found, _integrated(alpha), strict=True):
        if abs(exact) > 1e-250:
            assert abs(mp.mpf(float(value[0])) / exact - 1) < 1e-12


def test_the_oracle_agrees_with_an_integral():
    with mp.workdps(30):
        z = mp.quad(mp.npdf, [2, 5, 20])
        mean = mp.quad(lambda y: (y - 2) * mp.npdf(y), [2, 5, 20]) / z
        cube = mp.quad(lambda y: (y - 2) ** 3 * mp.npdf(y), [2, 5, 20]) / z
        square = mp.quad(lambda y: (y - 2) ** 2 * mp.npdf(y), [2, 5, 20]) / z
        exact = _integrated(2.0)
        assert abs(exact[0] - mean) < 1e-20
        assert abs(exact[3] - (cube - mean * square)) < 1e-20


@pytest.mark.parametrize("bit", [0, 1])
@pytest.mark.parametrize("tau", [-3.0, 0.4, 5.0])
def test_conditional_moments_by_quadrature(bit, tau):
    m, s = 0.5, 1.3
    eta = FAMILY.natural_parameter(m, s)
    interval = [tau, max(tau, m) + 1, m + 60] if bit else [m - 60, min(tau, m) - 1, tau]
    density = lambda x: mp.npdf(x, m, s)  # noqa: E731
    with mp.workdps(30):
        p = mp.quad(density, interval)
        moment = [mp.quad(lambda x, j=j: x**j * density(x), interval) / p for j in range(5)]
    mean = FAMILY.conditional_mean(eta, tau, bit)
    np.testing.assert_allclose(mean, [float(moment[1]), float(moment[2])], rtol=1e-12)
    covariance = [
        [moment[2] - moment[1] ** 2, moment[3] - moment[1] * moment[2]],
        [moment[3] - moment[1] * moment[2], moment[4] - moment[2] ** 2],
    ]
    found = FAMILY.conditional_covariance(eta, tau, bit)
    np.testing.assert_allclose(found, np.array(covariance, float), rtol=1e-10)
    assert float(FAMILY.log_probability(eta, tau, bit)) == pytest.approx(float(mp.log(p)), rel=1e-13)


def test_parameters_there_and_back():
    m, s = FAMILY.moments(FAMILY.natural_parameter([1.0, -2.0], [0.5, 3.0]))
    np.testing.assert_allclose(m, [1, -2])
    np.testing.assert_allclose(s, [0.5, 3])
    np.testing.assert_array_equal(FAMILY.sufficient([2.0, -3.0]), [[2, 4], [-3, 9]])


def test_refusals():
    with pytest.raises(ValueError, match="the standard deviation must be above 0"):
        FAMILY.natural_parameter(0.0, 0.0)
    with pytest.raises(ValueError, match="second natural parameter"):
        FAMILY.mean([0.0, 1.0])
