"""Poisson one-bit model. Oracles: closed forms, root finding at 50 digits, SciPy."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import poisson

import focalbook as fb
from tests.onebit.oracles import mp_poisson

Poisson = fb.onebit.Poisson


@pytest.mark.parametrize(("ones", "trials"), [(1, 10**6), (50, 100), (999_999, 10**6)])
@pytest.mark.parametrize("exposure", [1e-3, 1.0, 1e4])
def test_threshold_one_in_closed_form(ones, trials, exposure):
    """mu = log(trials/zeros)/t."""
    fit = Poisson(exposure, 1).fit_counts([ones], [trials])
    assert fit.estimate[0] == pytest.approx(np.log(trials / (trials - ones)) / exposure, rel=1e-13)


@pytest.mark.parametrize("mu", [1e-6, 1e-3, 2.0, 500.0, 1e6])
def test_the_score_vanishes_at_50_digits(mu):
    """Counts near those expected at thresholds around the mean; the score is summed from 50-digit slopes."""
    tau = np.unique(np.maximum(1, np.round(mu + np.array([-1.0, 0.0, 2.0]) * np.sqrt(mu))))
    trials = np.full(tau.size, 1e7)
    p = np.exp(Poisson(1.0, tau).tails(mu).log_one)
    ones = np.clip(np.round(trials * p), 1, trials - 1)
    fit = Poisson(1.0, tau).fit_counts(ones, trials)
    slope = curve = mp.mpf(0)
    for k, one, n in zip(tau, ones, trials, strict=True):
        exact = mp_poisson(fit.estimate[0], int(k))
        slope += one * exact[2] + (n - one) * exact[3]
        curve += one * exact[4] + (n - one) * exact[5]
    assert abs(float(slope / curve)) < 3e-14  # the remaining Newton step in log mu


def test_agrees_with_a_generic_minimiser():
    exposure, tau = np.array([0.5, 1.0, 3.0]), np.array([1, 2, 3])
    ones, trials = np.array([10, 12, 30]), np.array([40, 50, 50])

    def loss(y):
        mu = exposure * np.exp(y)
        return -(ones * poisson.logsf(tau - 1, mu) + (trials - ones) * poisson.logcdf(tau - 1, mu)).sum()

    oracle = minimize_scalar(loss, bracket=(-1, 1), tol=1e-12).x
    fit = Poisson(exposure, tau).fit_counts(ones, trials)
    assert np.log(fit.estimate[0]) == pytest.approx(oracle, abs=1e-7)
    assert fit.log_likelihood >= -loss(oracle)


def test_thresholds_a_million_apart():
    fit = Poisson([1.0, 1.0], [1, 10**6]).fit_counts([0, 1], [1, 1])
    assert np.isfinite(fit.estimate).all()
    assert fit.standard_errors[0] > 0


def test_information_in_closed_form():
    """t^2 pmf(tau-1)^2/(P(1-P)): ``shah2025onebit``, the Poisson example."""
    exposure, tau, mu = np.array([0.5, 1.0, 3.0]), np.array([1, 2, 5]), 1.7
    p = poisson.sf(tau - 1, exposure * mu)
    expected = (exposure**2 * poisson.pmf(tau - 1, exposure * mu) ** 2 / (p * (1 - p))).sum()
    model = Poisson(exposure, tau)
    assert model.fisher_information(mu)[0, 0] == pytest.approx(expected, rel=1e-12)
    assert model.uncensored_information(mu)[0, 0] == pytest.approx(exposure.sum() / mu, rel=1e-14)


@pytest.mark.parametrize("mu", [1e-6, 0.5, 3.0, 20.0])
def test_efficiency_at_threshold_one(mu):
    """J/I = mu/(e^mu - 1)."""
    model = Poisson(1.0, 1)
    ratio = model.fisher_information(mu) / model.uncensored_information(mu)
    assert ratio[0, 0] == pytest.approx(mu / np.expm1(mu), rel=1e-12)


def test_the_best_threshold_keeps_two_thirds_of_a_large_mean():
    mu = 1e6
    kept = [Poisson(1.0, k).fisher_information(mu)[0, 0] * mu for k in range(999_950, 1_000_050, 10)]
    assert max(kept) == pytest.approx(2 / np.pi, rel=1e-5)


@given(st.lists(st.integers(0, 6), min_size=3, max_size=3), st.floats(1e-3, 1e3))
def test_the_estimate_follows_the_unit_of_exposure(ones, unit):
    exposure, tau = np.array([1.0, 2.0, 4.0]), np.array([1, 3, 3])
    assume(0 < sum(ones) < 18)
    plain = Poisson(exposure, tau).fit_counts(ones, np.full(3, 6))
    other = Poisson(exposure * unit, tau).fit_counts(ones, np.full(3, 6))
    assert other.estimate[0] * unit == pytest.approx(plain.estimate[0], rel=1e-11)


@pytest.mark.parametrize(
    ("exposure", "tau", "message"),
    [
        ([1, 0], [1, 1], "exposure holds 0.0: expected numbers above 0"),
        ([1, -2], [1, 1], r"exposure holds -2\.0"),
        ([1, np.nan], [1, 1], "exposure holds nan: .*dropped first"),
        (1, [1, 2.5], "tau holds 2.5: expected whole numbers"),
        (1, [1, 0], "tau holds 0.0: .*says nothing"),
        (1, [1, np.inf], "tau holds inf"),
        ([1, 1], [1, 1, 1], "exposure has 2, tau has 3"),
    ],
)
def test_bad_designs_are_refused(exposure, tau, message):
    with pytest.raises(ValueError, match=message):
        Poisson(exposure, tau)


@pytest.mark.parametrize(("bit", "message"), [(0, "mean falls to 0"), (1, "mean grows without bound")])
def test_constant_bits_are_refused(bit, message):
    with pytest.raises(fb.onebit.ExistenceError, match=message):
        Poisson([1, 2, 3], [1, 1, 2]).fit([bit, bit, bit])
