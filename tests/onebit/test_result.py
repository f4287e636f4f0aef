"""Results of fits. Oracles: finite differences of the likelihood, single fits for batches."""

from __future__ import annotations

import numpy as np
import pytest

import focalbook as fb
from focalbook.onebit.result import inverse

MODEL = fb.onebit.Gaussian([1.0, 1.0, 2.0, 0.5], [-0.5, 0.8, 1.0, 0.3])
ONES, TRIALS = np.array([70, 30, 45, 40]), np.full(4, 100)


def test_observed_information_is_the_curvature_of_the_likelihood():
    fit = MODEL.fit_counts(ONES, TRIALS)
    h = 1e-4

    def value(p):
        return float(MODEL.log_likelihood(p, ONES, TRIALS))

    e = np.eye(2) * h
    x = fit.estimate
    curvature = [
        [(value(x + a + b) - value(x + a - b) - value(x - a + b) + value(x - a - b)) / (4 * h * h) for b in e]
        for a in e
    ]
    np.testing.assert_allclose(fit.observed_information, -np.array(curvature), rtol=1e-5)


def test_covariance_inverts_the_information():
    fit = MODEL.fit_counts(ONES, TRIALS)
    np.testing.assert_allclose(fit.covariance @ fit.fisher_information, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(fit.standard_errors**2, np.diagonal(fit.covariance))
    np.testing.assert_allclose(
        fit.fisher_information, MODEL.fisher_information(fit.estimate, TRIALS), rtol=1e-14
    )


def test_covariance_follows_the_delta_method():
    """Oracle: the covariance of (a/s, 1/s), carried over by the Jacobian at the estimate."""
    fit = MODEL.fit_counts(ONES, TRIALS)
    a, s = fit.estimate
    from scipy.stats import norm

    x = np.stack([MODEL.w, -MODEL.tau], axis=1)
    z = x @ [a / s, 1 / s]
    weight = TRIALS * norm.pdf(z) ** 2 / (norm.cdf(z) * norm.sf(z))
    inner = np.linalg.inv((x * weight[:, None]).T @ x)
    jacobian = np.array([[s, -a * s], [0.0, -(s**2)]])  # d(a, s)/d(a/s, 1/s)
    np.testing.assert_allclose(fit.covariance, jacobian @ inner @ jacobian.T, rtol=1e-10)


def test_batches_agree_with_single_fits():
    counts = MODEL.simulate((0.2, 1.0), 20, 40, rng=0)
    batch = MODEL.fit_batch(counts, 20)
    for i in np.flatnonzero(batch.exists)[:10]:
        fit = MODEL.fit_counts(counts[i], np.full(4, 20))
        np.testing.assert_allclose(batch.estimate[i], fit.estimate, rtol=1e-10)
        np.testing.assert_allclose(batch.covariance[i], fit.covariance, rtol=1e-9)
        np.testing.assert_allclose(batch.standard_errors[i], fit.standard_errors, rtol=1e-9)
        np.testing.assert_allclose(batch.wald()[i], fit.wald(), rtol=1e-8, atol=1e-10)
        assert batch.deviance("a", 0.2)[i] == pytest.approx(fit.deviance("a", 0.2), abs=1e-9)
        assert batch.log_likelihood[i] == pytest.approx(fit.log_likelihood, rel=1e-12)


def test_replicates_without_an_estimate_say_why():
    model = fb.onebit.Gaussian(1.0, [-1.0, 0.0, 1.0])
    batch = model.fit_batch([[4, 2, 1], [5, 5, 5], [1, 3, 4]], 5)
    np.testing.assert_array_equal(batch.status, [0, 1, 2])
    np.testing.assert_array_equal(np.isnan(batch.estimate[:, 0]), [False, True, True])
    np.testing.assert_array_equal(np.isnan(batch.standard_errors[:, 0]), [False, True, True])
    np.testing.assert_array_equal(np.isnan(batch.deviance("s", 1.0)), [False, True, True])
    assert batch.joint_deviance(batch.estimate[0])[0] == pytest.approx(0, abs=1e-12)


def test_inverse_of_nothing_is_infinite():
    found = inverse(np.array([[[0.0]], [[4.0]]]))
    np.testing.assert_array_equal(found[:, 0, 0], [np.inf, 0.25])
    both = inverse(np.array([[[1e12, 1.0], [1.0, 1e-9]]]))
    np.testing.assert_allclose(both[0] @ [[1e12, 1.0], [1.0, 1e-9]], np.eye(2), atol=1e-9)


def test_one_replicate_without_digits_does_not_spoil_the_others():
    """Information of rank one to the last bit has no inverse; its neighbours keep theirs."""
    found = inverse(np.array([[[4.0, 2.0], [2.0, 1.0]], [[2.0, 0.0], [0.0, 4.0]]]))
    np.testing.assert_array_equal(np.diagonal(found[0]), [np.inf, np.inf])
    np.testing.assert_array_equal(found[1], [[0.5, 0.0], [0.0, 0.25]])
