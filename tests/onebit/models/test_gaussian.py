"""Gaussian one-bit model. Oracles: Newton at 50 digits, fractions, SciPy, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import ndtri
from scipy.stats import norm

import focalbook as fb
from tests.onebit.oracles import mp_probit

Gaussian = fb.onebit.Gaussian
W = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 0.5])
TAU = np.array([-1.0, 0.2, 1.1, -0.5, 2.0, 0.4])
TRIALS = np.full(6, 40.0)
ONES = np.array([35.0, 22.0, 9.0, 30.0, 6.0, 20.0])


def test_agrees_with_50_digits():
    fit = Gaussian(W, TAU).fit_counts(ONES, TRIALS)
    exact = mp_probit(W, TAU, ONES, TRIALS, fit.estimate)
    np.testing.assert_allclose(fit.estimate, [float(x) for x in exact], rtol=1e-14)


def test_agrees_with_a_generic_minimiser_on_rows():
    rng = np.random.default_rng(0)
    w, tau = rng.choice([0.5, 1.0, 2.0], 5000), rng.choice([-1.0, 0.0, 0.7, 1.5], 5000)
    b = w * 0.4 + 1.3 * rng.normal(size=5000) >= tau

    def loss(beta):
        z = w * beta[0] - tau * beta[1]
        return -np.where(b, norm.logcdf(z), norm.logsf(z)).sum()

    oracle = minimize(loss, [0.0, 1.0], method="BFGS", options={"gtol": 1e-6}).x
    fit = Gaussian(w, tau).fit(b)
    np.testing.assert_allclose(fit.estimate, [oracle[0] / oracle[1], 1 / oracle[1]], rtol=1e-6)


def test_two_saturated_cells_in_closed_form():
    ones, trials = np.array([30.0, 80.0]), 100.0
    z1, z2 = ndtri(ones / trials)
    fit = Gaussian([1.0, 2.0], [1.0, 0.5]).fit_counts(ones, [trials, trials])
    # z1 = (a - 1)/s, z2 = (2a - 1/2)/s
    a, s = np.linalg.solve([[1.0, -z1], [2.0, -z2]], [1.0, 0.5])
    np.testing.assert_allclose(fit.estimate, [a, s], rtol=1e-13)


def test_rows_counts_and_batches_agree():
    rng = np.random.default_rng(1)
    w, tau = rng.choice([1.0, 2.0], 400), rng.choice([0.0, 0.5, 1.0], 400)
    model = Gaussian(w, tau)
    b = model.simulate_bits((0.3, 1.0), rng)
    by_rows = model.fit(b).estimate
    np.testing.assert_allclose(model.fit_counts(b.astype(int), np.ones(400)).estimate, by_rows, rtol=1e-13)
    np.testing.assert_allclose(model.fit_batch(b[None].astype(int), 1).estimate[0], by_rows, rtol=1e-13)
    scrambled = rng.permutation(400)
    np.testing.assert_allclose(
        Gaussian(w[scrambled], tau[scrambled]).fit(b[scrambled]).estimate, by_rows, rtol=1e-12
    )


@pytest.mark.parametrize("shift", [1e6, -1e6, 123456.75])
def test_a_common_offset_of_the_thresholds_moves_a_alone(shift):
    tau = np.array([-1.0, -0.5, 0.0, 0.5, 1.0, 2.0])
    ones = np.array([34.0, 28.0, 21.0, 12.0, 6.0, 1.0])
    plain = Gaussian(1.0, tau).fit_counts(ones, TRIALS)
    moved = Gaussian(1.0, tau + shift).fit_counts(ones, TRIALS)
    assert moved.estimate[0] - shift == pytest.approx(plain.estimate[0], abs=2 * np.spacing(abs(shift)))
    assert moved.estimate[1] == pytest.approx(plain.estimate[1], rel=1e-14)
    np.testing.assert_allclose(moved.covariance, plain.covariance, rtol=1e-9)
    np.testing.assert_allclose(np.subtract(moved.profile("a"), shift), plain.profile("a"), rtol=1e-8)


@pytest.mark.parametrize("far", [35.0, 200.0, 1e4])
def test_a_few_far_outliers_against_50_digits(far):
    tau = np.array([-1.0, 0.0, 1.0, far, -far])
    ones, trials = np.array([84e4, 50e4, 16e4, 1.0, 2.0]), np.array([1e6, 1e6, 1e6, 3.0, 3.0])
    fit = Gaussian(1.0, tau).fit_counts(ones, trials)
    exact = mp_probit(np.ones(5), tau, ones, trials, fit.estimate)
    np.testing.assert_allclose(fit.estimate[1], float(exact[1]), rtol=1e-12)
    assert fit.estimate[0] == pytest.approx(float(exact[0]), abs=1e-12 * fit.estimate[1])


@given(
    st.lists(st.integers(0, 8), min_size=6, max_size=6),
    st.floats(0.01, 100),
    st.floats(-100, 100),
)
def test_estimates_follow_the_unit_and_the_origin(ones, unit, origin):
    """X -> unit X + origin w: a -> unit a + origin, s -> unit s."""
    trials = np.full(6, 8.0)
    plain = Gaussian(W, TAU).fit_batch([ones], trials)
    other = Gaussian(W, unit * TAU + origin * W).fit_batch([ones], trials)
    assert (plain.status == other.status).all() or abs(plain.estimate[0, 1]) > 1e6
    assume(plain.exists[0] and other.exists[0] and plain.estimate[0, 1] < 100)
    a, s = plain.estimate[0]
    assert other.estimate[0, 1] == pytest.approx(unit * s, rel=1e-6)
    assert other.estimate[0, 0] == pytest.approx(
        unit * a + origin, rel=1e-6, abs=1e-6 * (unit * s + abs(origin))
    )


@given(st.lists(st.integers(0, 8), min_size=6, max_size=6))
def test_the_gradient_vanishes_wherever_there_is_an_estimate(ones):
    """Oracle: no neighbour is more likely."""
    fit = Gaussian(W, TAU).fit_batch([ones], 8.0)
    assume(fit.exists[0] and fit.estimate[0, 1] < 1e3)
    a, s = fit.estimate[0]
    best = fit.model.log_likelihood((a, s), ones, np.full(6, 8.0))
    assert best == pytest.approx(fit.log_likelihood[0], rel=1e-12)
    for da, ds in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01), (0.01, 0.01)):
        assert fit.model.log_likelihood((a + da * s, s * (1 + ds)), ones, np.full(6, 8.0)) <= best + 1e-12


def test_information_in_closed_form():
    """sum n(z)^2/(N(z)N(-z)) u u' with u = (w, -z)/s: ``shah2025onebit``, the Gaussian example."""
    a, s = 0.3, 1.4
    z = (W * a - TAU) / s
    u = np.stack([W, -z], axis=1) / s
    weight = TRIALS * norm.pdf(z) ** 2 / (norm.cdf(z) * norm.sf(z))
    model = Gaussian(W, TAU)
    np.testing.assert_allclose(
        model.fisher_information((a, s), TRIALS), (u * weight[:, None]).T @ u, rtol=1e-12
    )
    expected = np.diag([(TRIALS * W**2).sum(), 2 * TRIALS.sum()]) / s**2
    np.testing.assert_allclose(model.uncensored_information((a, s), TRIALS), expected)


def test_information_agrees_with_that_of_the_family():
    """Oracle: the information about the natural parameters, carried over by the chain rule."""
    a, s = 0.3, 1.4
    model = Gaussian(W, TAU)
    theta = np.array([a / s**2, -0.5 / s**2])
    jacobian = np.array([[1 / s**2, -2 * a / s**3], [0, 1 / s**3]])
    design, tau, n = model.natural_design(), model.tau, model.trials
    for found, natural in (
        (
            model.fisher_information((a, s)),
            fb.onebit.information.censored(model.family, design, theta, tau, n),
        ),
        (
            model.uncensored_information((a, s)),
            fb.onebit.information.uncensored(model.family, design, theta, n),
        ),
    ):
        np.testing.assert_allclose(found, jacobian.T @ natural @ jacobian, rtol=1e-10, atol=1e-12)


def test_one_bit_about_the_mean_keeps_two_thirds_at_best():
    """At the best threshold the information about a is 2/pi of the uncensored one."""
    model = Gaussian([1.0, 1.0], [0.0, 1.0])
    seen = model.fisher_information((0.0, 1.0), [1, 0])[0, 0]
    assert seen / model.uncensored_information((0.0, 1.0), [1, 0])[0, 0] == pytest.approx(
        2 / np.pi, rel=1e-14
    )


@pytest.mark.parametrize(
    ("w", "tau", "ones", "message"),
    [
        (1.0, [-1, 0, 1], [5, 5, 5], "all 15 bits are 1"),
        (1.0, [-1, 0, 1], [0, 0, 0], "all 15 bits are 0"),
        (1.0, [-1, 0, 1], [5, 5, 0], r"separated: b = 1 exactly where w a >= tau, with a = 0\.5"),
        (1.0, [-1, 0, 1], [5, 3, 0], "separated: b = 1 exactly where w a >= tau, with a = 0"),
        (1.0, [-1, 0, 1], [0, 0, 5], "separated: a rule the other way round"),
        ([1, 2, -1], [0.1, 0.3, 0.2], [5, 5, 0], r"with a = 0\.15, predicts"),
        ([1, 1, -1], [0.0, 1.0, 0.5], [5, 5, 0], "with a = 1, predicts"),
        ([1, 2, -1, -1], [1.0, 0.3, 1.0, -3.0], [5, 5, 0, 0], "with a = 3, predicts"),
        ([1, 1, -1, -1], [0.0, 1.0, 0.0, -1.0], [5, 5, 0, 0], "predicts every bit"),
        ([0, 1, -1], [1.0, 1.0, 2.0], [3, 5, 0], "the sign of w predicts"),
        (1.0, [-1, 0, 1], [1, 3, 4], "towards s = infinity"),
    ],
)
def test_data_without_a_maximum_are_refused(w, tau, ones, message):
    model = Gaussian(w, tau)
    with pytest.raises(fb.onebit.ExistenceError, match=message):
        model.fit_counts(ones, np.full(model.rows, 5))
    batch = model.fit_batch([ones], 5)
    assert not batch.exists[0]
    assert np.isnan(batch.estimate).all()


@pytest.mark.parametrize(
    ("w", "tau", "message"),
    [
        (
            [0.1, 0.2, 0.3],
            [0.03, 0.06, 0.09],
            r"same ratio tau/w = 0.3.*missing direction is along \(0.3, 0\)",
        ),
        (1.0, 5.0, "same ratio tau/w = 5"),
        ([1.0, 2.0], [0.0, 0.0], r"only \(a - 0\)/s"),
        (0.0, [1.0, 2.0], "a is not identifiable: every w is 0"),
        (1.0, [1e6, 1e6 * (1 + 2e-16)], "same ratio"),
    ],
)
def test_designs_that_cannot_tell_are_refused(w, tau, message):
    model = Gaussian(w, tau)
    with pytest.raises(fb.onebit.IdentifiabilityError, match=message):
        model.fit_counts(np.ones(model.rows), np.full(model.rows, 3))
    with pytest.raises(fb.onebit.IdentifiabilityError, match=message):
        model.fit_batch(np.ones((4, model.rows)), 3)


def test_unused_cells_do_not_count_for_identifiability():
    model = Gaussian(1.0, [0.0, 1.0])
    with pytest.raises(fb.onebit.IdentifiabilityError, match="same ratio"):
        model.fit_counts([2, 0], [4, 0])
    with pytest.raises(ValueError, match="there are no bits"):
        model.fit_counts([0, 0], [0, 0])


def test_a_zero_coefficient_is_legal():
    """Rows with w = 0 tell s alone: P(B = 1) = N(-tau/s)."""
    fit = Gaussian([0.0, 1.0], [1.0, 0.5]).fit_counts([20, 50], [100, 100])
    assert fit.estimate[1] == pytest.approx(-1 / ndtri(0.2), rel=1e-13)
    assert fit.estimate[0] == pytest.approx(0.5, rel=1e-13)


@pytest.mark.parametrize(
    ("w", "tau", "message"),
    [
        (1.0, [1.0, np.nan], "tau holds nan"),
        ([1.0, np.inf], 1.0, "w holds inf"),
        ([1.0, 2.0, 3.0], [1.0, 2.0], "w has 3, tau has 2"),
        (1.0, [], "are empty"),
        ("a", 1.0, "w must hold real numbers"),
        (1e200, [1.0, 2.0], r"w holds 1e\+200: .*choose another unit"),
    ],
)
def test_bad_designs_are_refused(w, tau, message):
    with pytest.raises(ValueError, match=message):
        Gaussian(w, tau)


def test_bad_parameters_are_refused():
    with pytest.raises(ValueError, match="s must be above 0, got -1"):
        Gaussian(1.0, [0.0, 1.0]).probabilities((0.0, -1.0))
    with pytest.raises(ValueError, match="parameters are a, s"):
        Gaussian(1.0, [0.0, 1.0]).fisher_information([1.0])


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6])
def test_no_estimate_where_the_maximum_has_an_infinite_standard_deviation(offset):
    """Equal mean thresholds of ones and zeros put the maximum at 1/s = 0 exactly. Oracle: that rule."""
    model = Gaussian(1.0, offset + np.array([0.0, 1.0, 2.5]))
    with pytest.raises(fb.onebit.ExistenceError, match="s = infinity"):
        model.fit_counts([1, 1, 1], [3, 3, 3])
    steep = Gaussian(1.0, offset + np.array([0.0, 1.0]))
    fit = steep.fit_counts([500_001, 500_000], [10**6, 10**6])  # the faintest slope is still an estimate
    assert 1e5 < fit.estimate[1] < 1e7


@pytest.mark.parametrize("n", [34, 1000])
@pytest.mark.parametrize("shift", [0.0, 10.0])
def test_a_slope_that_is_zero_but_for_rounding_is_no_estimate(n, shift):
    """Equal outer counts at equally spaced thresholds: the exact maximum has 1/s = 0."""
    model = Gaussian(1.0, np.array([-0.9, 0.2, 1.3]) + shift)
    k = np.arange(1.0, n)
    tied = np.stack([k, np.minimum(k + 1, n), k], axis=1)
    assert (model.fit_batch(tied, [n] * 3).status == 2).all()
    falling = np.stack([k + 1, k, k], axis=1)[:-1]
    assert (model.fit_batch(falling, [n] * 3).status == 0).all()
