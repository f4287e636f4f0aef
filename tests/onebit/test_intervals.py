"""Intervals. Oracles: SciPy's optimiser on a grid-free profile, closed forms, fixed-seed coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import chi2, norm

import focalbook as fb
from focalbook.onebit import intervals

W, TAU = np.ones(4), np.array([-1.0, 0.0, 0.5, 1.5])
ONES, TRIALS = np.array([33.0, 22.0, 15.0, 4.0]), np.full(4, 40.0)


@pytest.fixture(scope="module")
def fit():
    return fb.onebit.Gaussian(W, TAU).fit_counts(ONES, TRIALS)


def _profile(name, value):
    """Profile log-likelihood with SciPy: the other parameter by a bounded scalar search."""

    def loss(other):
        a, s = (value, np.exp(other)) if name == "a" else (other, value)
        z = (W * a - TAU) / s
        return -(ONES * norm.logcdf(z) + (TRIALS - ONES) * norm.logsf(z)).sum()

    bounds = (-5, 8) if name == "a" else (-20, 20)
    return -minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-10}).fun


@pytest.mark.parametrize("name", ["a", "s"])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_profile_ends_lie_where_the_deviance_is_the_quantile(fit, name, level):
    for end in fit.profile(name, level):
        assert 2 * (fit.log_likelihood - _profile(name, end)) == pytest.approx(chi2.ppf(level, 1), rel=1e-8)
        assert fit.deviance(name, end) == pytest.approx(chi2.ppf(level, 1), rel=1e-9)
    low, high = fit.profile(name, level)
    assert low < fit.estimate[fit.model.names.index(name)] < high


def test_deviance_of_the_estimate_is_zero(fit):
    assert fit.deviance("a", fit.estimate[0]) == pytest.approx(0, abs=1e-10)
    assert fit.deviance("s", fit.estimate[1]) == pytest.approx(0, abs=1e-10)


def test_wald_is_the_estimate_and_its_error(fit):
    h = norm.ppf(0.95)
    expected = np.stack(
        [fit.estimate - h * fit.standard_errors, fit.estimate + h * fit.standard_errors], axis=1
    )
    np.testing.assert_allclose(fit.wald(0.9), expected, rtol=1e-12)
    on_log = fit.wald(0.9, log=True)
    np.testing.assert_allclose(on_log[0], expected[0], rtol=1e-12)
    spread = h * fit.standard_errors[1] / fit.estimate[1]
    np.testing.assert_allclose(np.log(on_log[1] / fit.estimate[1]), [-spread, spread], rtol=1e-12)


def test_weak_data_give_unbounded_intervals():
    """Few bits cannot rule out s = infinity: the likelihood-ratio interval says so, Wald does not."""
    weak = fb.onebit.Gaussian(1.0, [-1.0, 0.0, 1.0]).fit_counts([3, 3, 2], [5, 5, 5])
    assert weak.profile("s")[1] == np.inf
    assert weak.profile("a") == (-np.inf, np.inf)
    assert np.isfinite(weak.wald()).all()
    assert weak.deviance("s", 1e9) <= chi2.ppf(0.95, 1)
    assert weak.deviance("a", -1e9) <= chi2.ppf(0.95, 1)
    assert weak.deviance("s", weak.profile("s")[0]) == pytest.approx(chi2.ppf(0.95, 1), rel=1e-8)


def test_poisson_profile_in_closed_form():
    """One cell at threshold 1: the deviance is the binomial one."""
    fit = fb.onebit.Poisson(1.0, 1).fit_counts([30], [100])
    for end in fit.profile("mu"):
        p = -np.expm1(-end)
        deviance = 2 * (30 * np.log(0.3 / p) + 70 * np.log(0.7 / (1 - p)))
        assert deviance == pytest.approx(chi2.ppf(0.95, 1), rel=1e-9)


def test_bernoulli_profile():
    rng = np.random.default_rng(0)
    v = np.column_stack([np.ones(30), rng.normal(size=(30, 2))])
    fit = fb.onebit.Bernoulli(v).fit_counts(rng.integers(1, 9, 30), np.full(30, 9))
    for name, (low, high), wald in zip(
        fit.model.names, [fit.profile(n) for n in fit.model.names], fit.wald(), strict=True
    ):
        assert fit.deviance(name, low) == pytest.approx(chi2.ppf(0.95, 1), rel=1e-8)
        assert fit.deviance(name, high) == pytest.approx(chi2.ppf(0.95, 1), rel=1e-8)
        np.testing.assert_allclose([low, high], wald, atol=0.1 * (high - low))


@pytest.mark.parametrize(
    ("model", "truth", "trials"),
    [
        (fb.onebit.Gaussian(1.0, [-1.5, -0.5, 0.5, 1.5]), (0.2, 1.0), 500),
        (fb.onebit.Poisson([1.0, 2.0, 4.0], [1, 2, 3]), (0.8,), 200),
        (fb.onebit.Exponential([0.5, 1.0, 2.0]), (0.8,), 200),
        (fb.onebit.Bernoulli([[1.0, -1.0], [1.0, 0.0], [1.0, 1.0]]), (0.3, 0.5), 300),
    ],
    ids=["gaussian", "poisson", "exponential", "bernoulli"],
)
def test_coverage_by_simulation(model, truth, trials):
    """Fixed-seed z-test of the coverage of 90 % intervals and of the covariance of the estimates."""
    replicates = 10_000
    batch = model.fit_batch(model.simulate(truth, trials, replicates, rng=3), trials)
    assert batch.exists.all()
    error = np.sqrt(0.9 * 0.1 / replicates)
    ends = batch.wald(0.9)
    inside = ((ends[..., 0] <= truth) & (truth <= ends[..., 1])).mean(axis=0)
    assert (np.abs(inside - 0.9) < 4 * error + 0.006).all()  # 0.006: the normal approximation at this size
    for name, value in zip(model.names, truth, strict=True):
        held = (batch.deviance(name, value) <= chi2.ppf(0.9, 1)).mean()
        assert abs(held - 0.9) < 4 * error + 0.006
    joint = (batch.joint_deviance(np.array(truth)) <= chi2.ppf(0.9, len(truth))).mean()
    assert abs(joint - 0.9) < 4 * error + 0.006
    spread = np.cov(batch.estimate, rowvar=False).reshape(len(truth), -1)
    expected = np.linalg.inv(model.fisher_information(truth, trials))
    np.testing.assert_allclose(spread, expected, rtol=0.08, atol=0.03 * np.abs(expected).max())


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_levels_outside_the_unit_interval_are_refused(fit, level):
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        fit.wald(level)
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        fit.profile("a", level)


def test_unknown_names_and_impossible_values_are_refused(fit):
    with pytest.raises(ValueError, match="'mu' is not a parameter of this model: expected a, s"):
        fit.profile("mu")
    with pytest.raises(ValueError, match=r"s cannot be held at -1\.0"):
        fit.deviance("s", -1.0)
    assert intervals.half_width(0.95) == pytest.approx(norm.ppf(0.975), rel=1e-14)
