"""Logistic regression as a one-bit model. Oracles: scikit-learn without penalty, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import focalbook as fb

Bernoulli = fb.onebit.Bernoulli


def _data(n=600):
    rng = np.random.default_rng(0)
    v = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    b = rng.random(n) < 1 / (1 + np.exp(-v @ [0.3, 1.0, -0.7]))
    return v, b


def test_agrees_with_scikit_learn():
    v, b = _data()
    fit = Bernoulli(v).fit(b)
    oracle = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10, max_iter=10_000).fit(v, b)
    np.testing.assert_allclose(fit.estimate, oracle.coef_[0], atol=1e-6)


def test_information_is_uncensored_and_observed():
    v, b = _data()
    fit = Bernoulli(v).fit(b)
    p = 1 / (1 + np.exp(-v @ fit.estimate))
    expected = (v * (p * (1 - p))[:, None]).T @ v
    np.testing.assert_allclose(fit.fisher_information, expected, rtol=1e-11)
    np.testing.assert_allclose(fit.observed_information, expected, rtol=1e-11)
    np.testing.assert_allclose(fit.model.uncensored_information(fit.estimate), expected, rtol=1e-11)


def test_dependent_columns_are_named():
    v, b = _data()
    with pytest.raises(fb.onebit.IdentifiabilityError, match=r"1 direction\(s\).*theta_0.*theta_1.*theta_3"):
        Bernoulli(np.column_stack([v, v[:, 0] + v[:, 1]])).fit(b)


def test_separated_bits_are_refused():
    v, _ = _data()
    with pytest.raises(fb.onebit.ExistenceError, match="separated: some linear rule in v"):
        Bernoulli(v).fit(v @ [0.3, 1.0, -0.7] > 0)
    with pytest.raises(fb.onebit.ExistenceError, match="all 600 bits are 1"):
        Bernoulli(v).fit(np.ones(600, bool))


@pytest.mark.parametrize(
    ("v", "message"),
    [
        ([1.0, 2.0], r"v has shape \(2,\): expected \(n, d\)"),
        (np.ones((0, 2)), r"v has shape \(0, 2\)"),
        ([[1.0, np.nan]], "column 1 of v holds nan"),
        ([["a"]], "v must hold real numbers"),
    ],
)
def test_bad_designs_are_refused(v, message):
    with pytest.raises(ValueError, match=message):
        Bernoulli(v)


def test_no_bits():
    with pytest.raises(ValueError, match="there are no bits"):
        Bernoulli([[1.0]]).fit_counts([0], [0])
