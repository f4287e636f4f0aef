"""Focal estimators of one-bit models. Oracles: SciPy's minimiser, autograd, closed forms, Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import chi2, norm, poisson

import focalbook as fb
from focalbook.onebit import Bernoulli, Gaussian, Poisson, focal_efficiency, focal_fit, focal_limit
from focalbook.onebit.focal import MAX_GAMMA, focal_fit_batch

TAU = np.array([-1.5, -0.5, 0.5, 1.5, 2.5])
FIVE, TRUTH = Gaussian(1.0, TAU), np.array([0.3, 1.0])
COUNTS, TRIALS = np.array([193, 160, 80, 25, 2]), np.full(5, 200)


def _loss(p: np.ndarray, gamma: float, proper: bool) -> tuple[np.ndarray, np.ndarray]:
    """Losses of a one and of a zero, from the public theory of focal loss."""
    q = fb.minimizer(np.stack([p, 1 - p], axis=-1), gamma) if proper else np.stack([p, 1 - p], axis=-1)
    both = fb.focal_loss(q, gamma)
    return both[..., 0], both[..., 1]


@pytest.mark.parametrize("proper", [False, True])
@pytest.mark.parametrize("gamma", [0.5, 2.0, 6.0])
def test_estimate_is_what_a_general_minimiser_finds(proper, gamma):
    def objective(x: np.ndarray) -> float:
        one, zero = _loss(norm.cdf((x[0] - TAU) / np.exp(x[1])), gamma, proper)
        return float(COUNTS @ one + (TRIALS - COUNTS) @ zero)

    fit = focal_fit(FIVE, COUNTS, TRIALS, gamma, proper)
    found = minimize(objective, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    np.testing.assert_allclose(fit.estimate, [found.x[0], np.exp(found.x[1])], rtol=1e-6)
    assert fit.loss == pytest.approx(found.fun, rel=1e-12)
    assert fit.certified


def test_gamma_zero_is_maximum_likelihood():
    want = FIVE.fit_counts(COUNTS, TRIALS)
    for proper in (False, True):
        fit = focal_fit(FIVE, COUNTS, TRIALS, 0.0, proper)
        np.testing.assert_allclose(fit.estimate, want.estimate, rtol=1e-10)
        np.testing.assert_allclose(fit.recovered_probabilities, fit.probabilities, rtol=1e-12)
    np.testing.assert_allclose(fit.covariance, want.covariance, rtol=1e-9)
    plain = focal_fit(FIVE, COUNTS, TRIALS, 0.0)
    np.testing.assert_allclose(plain.naive_covariance, np.linalg.inv(want.observed_information), rtol=1e-8)


@pytest.mark.parametrize("gamma", [0.3, 2.0, 5.0])
def test_saturated_designs_return_the_relative_frequencies(gamma):
    """Oracle: the frequencies, Q* of the theory package, and the maximum-likelihood estimate."""
    for model, k, n in (
        (Gaussian([1.0, 2.0], [-1.0, 1.5]), [70, 41], [100, 90]),
        (Poisson(2.0, 3), [31], [77]),
        (Bernoulli(np.eye(3) + 1.0), [5, 40, 70], [90, 80, 71]),
    ):
        k, n = np.asarray(k, float), np.asarray(n, float)
        fit = focal_fit(model, k, n, gamma)
        want = fb.minimizer(np.stack([k / n, 1 - k / n], axis=-1), gamma)[:, 0]
        np.testing.assert_allclose(fit.probabilities, want, rtol=1e-9)
        np.testing.assert_allclose(fit.recovered_probabilities, k / n, rtol=1e-9)
        mle = model.fit_counts(k, n).estimate
        np.testing.assert_allclose(fit.recovered_estimate, mle, rtol=1e-8)
        np.testing.assert_allclose(fit.recovered_errors**2, k * (n - k) / n**2 / (n - 1), rtol=1e-8)
        proper = focal_fit(model, k, n, gamma, proper=True)
        np.testing.assert_allclose(proper.estimate, mle, rtol=1e-8)
        np.testing.assert_allclose(focal_efficiency(model, mle, gamma, n), 1.0, rtol=1e-8)


@pytest.mark.parametrize("gamma", [0.5, 2.0, 8.0])
def test_the_proper_score_has_the_truth_as_its_limit_and_the_plain_loss_has_not(gamma):
    for model, truth in (
        (FIVE, TRUTH),
        (Poisson([0.5, 1.0, 2.0], [1, 2, 4]), np.array([1.7])),
        (Bernoulli([[1.0, -1.0], [1.0, 0.0], [1.0, 2.0]]), np.array([1.4, -1.8])),
    ):
        p = model.probabilities(truth)
        limit = focal_limit(model, p, [1.0, 2.0, 3.0, 1.0, 0.5][: model.rows], gamma, proper=True)
        np.testing.assert_allclose(limit.estimate, truth, rtol=1e-8)
        plain = focal_limit(model, p, 1.0, gamma)
        assert np.abs(plain.estimate / truth - 1).max() > 1e-3
        assert np.abs(plain.recovered_probabilities - p).max() > 1e-6  # logit: hardly; probit: 1e-2


@pytest.mark.parametrize("gamma", [0.5, 2.0, 8.0])
def test_recovered_residuals_balance(gamma):
    """Oracle: sum of n (pi - recovered)(phi(q) + phi(1-q)) dq/dtheta = 0, written out."""
    p, n = FIVE.probabilities(TRUTH), np.array([1.0, 4.0, 2.0, 3.0, 1.0])
    limit = focal_limit(FIVE, p, n, gamma)
    q, (a, s) = limit.probabilities, limit.estimate
    z = (a - TAU) / s
    dq = norm.pdf(z) * np.stack([np.full(5, 1 / s), -z / s])
    pull = fb.focal_slope(q, gamma) + fb.focal_slope(1 - q, gamma)
    terms = n * (p - limit.recovered_probabilities) * pull * dq
    assert np.abs(terms.sum(axis=1)).max() < 1e-9 * np.abs(terms).max()


@pytest.mark.parametrize("proper", [False, True])
def test_replicates_scatter_as_the_sandwich_says(proper):
    """Fixed-seed z-tests of mean, variances and coverage, 20 000 replicates; bias of order 1/n is allowed."""
    gamma, bits, replicates = 3.0, 4000, 20_000
    n = np.full(5, bits)
    limit = focal_limit(FIVE, FIVE.probabilities(TRUTH), n, gamma, proper)
    batch = focal_fit_batch(FIVE, FIVE.simulate(TRUTH, bits, replicates, rng=11), n, gamma, proper)
    assert batch.exists.all()
    errors = (batch.estimate - limit.estimate) / limit.standard_errors
    second_order = 3.0 / np.sqrt(bits)
    assert np.abs(errors.mean(axis=0)).max() < 4 / np.sqrt(replicates) + second_order
    variance = errors.var(axis=0)
    assert np.abs(variance - 1).max() < 4 * np.sqrt(2 / replicates) + 10 / bits
    whitened = np.einsum(
        "ri,ij,rj->r",
        batch.estimate - limit.estimate,
        np.linalg.inv(limit.covariance),
        batch.estimate - limit.estimate,
    )
    for level in (0.5, 0.9, 0.99):
        share = (whitened <= chi2.ppf(level, 2)).mean()
        assert abs(share - level) < 4 * np.sqrt(level * (1 - level) / replicates) + 10 / bits
    for naive, within in ((False, True), (True, False)):
        ends = batch.wald(naive=naive)
        covered = ((ends[..., 0] <= limit.estimate) & (limit.estimate <= ends[..., 1])).mean(axis=0)
        near = np.abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / replicates) + 10 / bits
        assert near.all() if within else not near.any()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=6),
    st.sampled_from([0.3, 1.0, 4.0]),
    st.booleans(),
)
def test_a_minimum_exists_exactly_where_the_likelihood_has_a_maximum(cells, gamma, proper):
    """Oracle: overlap of the data, a property that does not know the loss (Bernoulli: no edge s = 0)."""
    ones, zeros = np.array(cells, float).T
    design = np.stack([np.ones(len(cells)), np.arange(len(cells)) - 1.0], axis=1)
    model, n = Bernoulli(design), ones + zeros
    if np.linalg.matrix_rank(design[n > 0]) < 2:
        return
    batch, mle = focal_fit_batch(model, ones, n, gamma, proper), model.fit_batch(ones[None], n)
    assert batch.exists[0] == mle.exists[0]
    if batch.exists[0]:
        x, one = batch.estimate[0], ones
        for move in 0.05 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, 1]]):
            p = 1 / (1 + np.exp(-(design @ (x + move))))
            up, down = _loss(p, gamma, proper)
            assert one @ up + (n - one) @ down >= batch.loss[0] * (1 - 1e-12)


@pytest.mark.parametrize(
    ("tau", "ones"), [([1, 46], [59, 49]), ([5, 34], [8, 72]), ([41, 6], [26, 52]), ([57, 18], [75, 7])]
)
def test_of_two_minima_the_lower_one_is_found_and_not_certified(tau, ones):
    """Cells that contradict each other at gamma = 30. Oracle: a scan of the only parameter."""
    model, n, k = Poisson(1.0, tau), np.array([100.0, 100.0]), np.asarray(ones, float)
    grid = np.geomspace(5, 60, 20_001)
    above, below = (
        poisson.logsf(np.array(tau)[None, :] - 1, grid[:, None]),
        poisson.logcdf(np.array(tau)[None, :] - 1, grid[:, None]),
    )
    one, zero = -np.exp(30.0 * below) * above, -np.exp(30.0 * above) * below
    total = one @ k + zero @ (n - k)
    coarse = total[::50]
    inner = coarse[1:-1] * (1 + 1e-9)
    assert np.count_nonzero((inner < coarse[:-2]) & (inner < coarse[2:])) == 2
    fit = focal_fit(model, k, n, 30.0)
    assert fit.loss == pytest.approx(total.min(), rel=1e-7)
    assert fit.estimate[0] == pytest.approx(grid[total.argmin()], rel=1e-3)
    assert not fit.certified


def test_efficiency_against_the_formula_for_one_parameter():
    """Oracle: (sum d omega)^2 / (sum d omega^2 sum d), d the information of each cell."""
    model, mu, gamma = Poisson(1.0, [1, 2, 4, 8]), 3.0, 4.0
    p = model.probabilities([mu])
    step = 1e-6
    q = [fb.minimizer(np.stack([p + e, 1 - p - e], axis=-1), gamma)[:, 0] for e in (step, -step)]
    omega = fb.multiplier(np.stack([p, 1 - p], axis=-1), gamma) * (q[0] - q[1]) / (2 * step)
    d = np.array([model.fisher_information([mu], np.eye(4)[i])[0, 0] for i in range(4)])
    want = (d @ omega) ** 2 / (d @ omega**2) / d.sum()
    assert focal_efficiency(model, [mu], gamma)[0] == pytest.approx(want, rel=1e-6)
    low, high = omega.min(), omega.max()
    assert 4 * low * high / (low + high) ** 2 < want < 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: focal_fit(FIVE, COUNTS, TRIALS, -1.0), "gamma"),
        (lambda: focal_fit(FIVE, COUNTS, TRIALS, 2 * MAX_GAMMA), "underflows"),
        (lambda: focal_fit(FIVE, COUNTS, TRIALS, [1.0, 2.0]), "one number"),
        (lambda: focal_fit(FIVE, np.tile(COUNTS, (2, 1)), TRIALS, 1.0), "focal_fit_batch"),
        (lambda: focal_fit(FIVE, TRIALS, TRIALS, 1.0), "separated|all 1000 bits"),
        (lambda: focal_fit(FIVE, COUNTS[::-1], TRIALS, 1.0), "no minimum in the parameter space"),
        (lambda: focal_fit(Gaussian(1.0, [1.0, 1.0]), [3, 4], [9, 9], 1.0), "not identifiable"),
        (lambda: focal_limit(FIVE, [0.5, 0.4], 1.0, 1.0), "5 rows"),
        (lambda: focal_limit(FIVE, [0.5, 0.4, 0.3, 0.2, 0.0], 1.0, 1.0), r"inside \(0, 1\)"),
        (lambda: focal_limit(FIVE, FIVE.probabilities(TRUTH), -1.0, 1.0), "at least 0"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
