"""Exponential one-bit model. Oracles: closed form, SciPy's generic minimiser."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import focalbook as fb

Exponential = fb.onebit.Exponential


@pytest.mark.parametrize(("ones", "trials"), [(1, 10**6), (30, 100), (999_999, 10**6)])
@pytest.mark.parametrize("tau", [1e-5, 2.0, 1e7])
def test_one_time_in_closed_form(ones, trials, tau):
    """rate = -log(ones/trials)/tau."""
    fit = Exponential(tau).fit_counts([ones], [trials])
    assert fit.estimate[0] == pytest.approx(-np.log(ones / trials) / tau, rel=1e-10)


def test_agrees_with_a_generic_minimiser():
    tau, ones, trials = np.array([0.5, 1.0, 4.0]), np.array([30, 20, 3]), np.array([40, 50, 50])

    def loss(y):
        m = tau * np.exp(y)
        return (ones * m).sum() - ((trials - ones) * np.log(-np.expm1(-m))).sum()

    oracle = minimize_scalar(loss, bracket=(-1, 1), tol=1e-12)
    fit = Exponential(tau).fit_counts(ones, trials)
    assert np.log(fit.estimate[0]) == pytest.approx(oracle.x, abs=1e-7)
    assert fit.log_likelihood == pytest.approx(-oracle.fun, rel=1e-13)


def test_information():
    """tau^2/(e^m - 1) for one bit with m = rate tau, and 1/rate^2 without the threshold."""
    rate, tau = 0.7, np.array([0.5, 2.0])
    model = Exponential(tau)
    assert model.fisher_information(rate)[0, 0] == pytest.approx(
        (tau**2 / np.expm1(rate * tau)).sum(), rel=1e-13
    )
    assert model.uncensored_information(rate)[0, 0] == pytest.approx(2 / rate**2, rel=1e-14)
    design = np.full((2, 1, 1), -1.0)
    natural = fb.onebit.information.censored(model.family, design, [rate], tau)
    np.testing.assert_allclose(model.fisher_information(rate), natural, rtol=1e-12)


@pytest.mark.parametrize(("bit", "message"), [(1, "rate falls to 0"), (0, "rate grows without bound")])
def test_constant_bits_are_refused(bit, message):
    with pytest.raises(fb.onebit.ExistenceError, match=message):
        Exponential([1.0, 2.0]).fit([bit, bit])


@pytest.mark.parametrize("tau", [0.0, -1.0, np.nan])
def test_bad_times_are_refused(tau):
    with pytest.raises(ValueError, match="tau holds"):
        Exponential([1.0, tau])


def test_coordinates_there_and_back():
    model = Exponential([1.0, 2.0])
    beta = model.coordinates(np.array([[0.3]]))
    np.testing.assert_allclose(model.parameters(beta), [[0.3]])
    assert model.tails([0.3]).slope_one.min() > 0  # longer waits on average: more bits are 1
