"""What focal fits return. Oracles: differences of the inverse map, single fits, hand-written intervals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

import focalbook as fb
from focalbook.onebit import Gaussian, focal_fit, focal_limit

TAU = np.array([-1.5, -0.5, 0.5, 1.5, 2.5])
FIVE, TRUTH = Gaussian(1.0, TAU), np.array([0.3, 1.0])
COUNTS, TRIALS = np.array([193, 160, 80, 25, 2]), np.full(5, 200)


def test_recovered_errors_by_finite_differences_of_the_map():
    fit = focal_fit(FIVE, COUNTS, TRIALS, 2.0)

    def recovered(x: np.ndarray) -> np.ndarray:
        q = norm.cdf((x[0] - TAU) / x[1])
        return fb.recover(np.stack([q, 1 - q], axis=-1), 2.0)[:, 0]

    step = 1e-5
    columns = [
        (recovered(fit.estimate + e) - recovered(fit.estimate - e)) / (2 * step) for e in step * np.eye(2)
    ]
    gradient = np.stack(columns, axis=-1)
    want = np.sqrt(np.diagonal(gradient @ fit.covariance @ gradient.T))
    np.testing.assert_allclose(fit.recovered_errors, want, rtol=1e-6)
    np.testing.assert_allclose(fit.recovered_probabilities, recovered(fit.estimate), rtol=1e-10)


def test_rows_of_one_cell_are_added_up():
    twice = Gaussian(1.0, np.repeat(TAU, 2))
    a = focal_fit(FIVE, COUNTS, TRIALS, 2.0)
    b = focal_fit(twice, np.stack([COUNTS // 2, COUNTS - COUNTS // 2], axis=1).ravel(), np.full(10, 100), 2.0)
    np.testing.assert_allclose(b.estimate, a.estimate, rtol=1e-10)
    np.testing.assert_allclose(b.probabilities, np.repeat(a.probabilities, 2), rtol=1e-10)
    limit = focal_limit(twice, twice.probabilities(TRUTH), 3.0, 2.0)
    np.testing.assert_allclose(
        limit.estimate, focal_limit(FIVE, FIVE.probabilities(TRUTH), 1.0, 2.0).estimate, rtol=1e-10
    )


def test_batches_agree_with_single_fits_and_mark_what_has_no_minimum():
    counts = np.array([COUNTS, TRIALS, COUNTS[::-1]])
    batch = fb.onebit.focal_fit_batch(FIVE, counts, TRIALS, 2.0)
    np.testing.assert_array_equal(batch.status, [0, 1, 2])
    np.testing.assert_array_equal(batch.exists, [True, False, False])
    fit = focal_fit(FIVE, COUNTS, TRIALS, 2.0)
    np.testing.assert_allclose(batch.estimate[0], fit.estimate, rtol=1e-9)
    np.testing.assert_allclose(batch.covariance[0], fit.covariance, rtol=1e-7)
    np.testing.assert_allclose(batch.recovered_errors[0], fit.recovered_errors, rtol=1e-7)
    np.testing.assert_allclose(batch.recovered_estimate[0], fit.recovered_estimate, rtol=1e-8)
    for missing in (
        batch.estimate,
        batch.covariance,
        batch.recovered_probabilities,
        batch.recovered_estimate,
    ):
        assert np.isnan(missing[1:]).all()


@pytest.mark.parametrize("naive", [False, True])
def test_intervals_are_estimate_and_errors(naive):
    fit = focal_fit(FIVE, COUNTS, TRIALS, 2.0)
    errors = np.sqrt(np.diagonal(fit.naive_covariance if naive else fit.covariance))
    half = norm.ppf(0.95) * errors
    want = np.stack([fit.estimate - half, fit.estimate + half], axis=-1)
    np.testing.assert_allclose(fit.wald(0.9, naive=naive), want, rtol=1e-12)
    low, high = fit.wald(0.9, log=True, naive=naive)[1]
    assert low * high == pytest.approx(fit.estimate[1] ** 2)
