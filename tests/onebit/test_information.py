"""Score, Hessian and information. Oracles: finite differences, sums over bits, numerical integration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.onebit import information
from focalbook.onebit.families import BernoulliFamily, ExponentialFamily, GaussianFamily, PoissonFamily

RNG = np.random.default_rng(0)


def _gaussian_design(w: np.ndarray) -> np.ndarray:
    v = np.zeros((len(w), 2, 2))
    v[:, 0, 0], v[:, 1, 1] = w, 1.0
    return v


#: family, design (n, k, p), theta, tau
CASES = {
    "gaussian": (
        GaussianFamily(),
        _gaussian_design(np.array([0.5, 1.0, 1.5, 2.0])),
        np.array([0.4, -0.3]),
        np.array([-1.0, 0.3, 0.8, 2.5]),
    ),
    "poisson": (
        PoissonFamily(),
        np.array([[[1.0, 0.2]], [[1.0, -0.5]], [[1.0, 1.0]]]),
        np.array([0.7, 0.4]),
        np.array([1.0, 2.0, 5.0]),
    ),
    "exponential": (
        ExponentialFamily(),
        np.array([[[1.0]], [[2.0]], [[0.5]]]),
        np.array([-0.8]),
        np.array([0.1, 1.0, 3.0]),
    ),
    "bernoulli": (
        BernoulliFamily(),
        np.array([[[1.0, 0.0]], [[1.0, 1.0]], [[1.0, -2.0]]]),
        np.array([0.3, -0.6]),
        np.ones(3),
    ),
}
ONES = {name: RNG.integers(0, 5, len(case[3])) for name, case in CASES.items()}


def _log_likelihood(name, theta):
    family, design, _, tau = CASES[name]
    eta = design @ theta
    one, zero = (family.log_probability(eta, tau, bit) for bit in (1, 0))
    return float((ONES[name] * one + (4 - ONES[name]) * zero).sum())


def _differences(function, theta, h=1e-5):
    return np.array(
        [(function(theta + h * e) - function(theta - h * e)) / (2 * h) for e in np.eye(len(theta))]
    )


@pytest.mark.parametrize("name", CASES)
def test_score_and_hessian_agree_with_differences(name):
    family, design, theta, tau = CASES[name]
    score = information.score(family, design, theta, tau, ONES[name], 4)
    np.testing.assert_allclose(
        score, _differences(lambda t: _log_likelihood(name, t), theta), rtol=1e-6, atol=1e-8
    )
    hessian = information.hessian(family, design, theta, tau, ONES[name], 4)
    slopes = _differences(lambda t: information.score(family, design, t, tau, ONES[name], 4), theta)
    np.testing.assert_allclose(hessian, slopes, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_censored_information_is_the_expected_square_of_the_score(name):
    """Oracle: sum over both bits of probability times score squared, and minus the expected Hessian."""
    family, design, theta, tau = CASES[name]
    square = np.zeros((len(theta), len(theta)))
    curve = np.zeros_like(square)
    for i in range(len(tau)):
        part = design[i : i + 1]
        for bit in (0, 1):
            p = np.exp(family.log_probability(part @ theta, tau[i : i + 1], bit))[0]
            score = information.score(family, part, theta, tau[i : i + 1], [bit])
            square += p * np.outer(score, score)
            curve -= p * information.hessian(family, part, theta, tau[i : i + 1], [bit])
    found = information.censored(family, design, theta, tau)
    np.testing.assert_allclose(found, square, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found, curve, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_what_is_lost_makes_up_the_difference(name):
    family, design, theta, tau = CASES[name]
    trials = np.arange(1.0, len(tau) + 1)
    whole = information.uncensored(family, design, theta, trials)
    seen = information.censored(family, design, theta, tau, trials)
    lost = information.lost(family, design, theta, tau, trials)
    np.testing.assert_allclose(whole - seen, lost, rtol=1e-9, atol=1e-11)
    assert np.linalg.eigvalsh(lost).min() >= -1e-12


@given(st.floats(-3, 3), st.floats(0.2, 3), st.floats(-5, 5))
def test_one_gaussian_bit_has_rank_one(mean, deviation, tau):
    family = GaussianFamily()
    matrix = information.per_bit(family, family.natural_parameter(mean, deviation), tau)
    values = np.linalg.eigvalsh(matrix)
    assert values[1] >= 0
    assert abs(values[0]) <= 1e-12 * values[1] + 1e-300


def test_bernoulli_loses_nothing_and_the_others_do():
    for name, (family, design, theta, tau) in CASES.items():
        lost = information.lost(family, design, theta, tau)
        assert (np.abs(lost).max() == 0) == (name == "bernoulli")


def test_bad_shapes_are_refused():
    with pytest.raises(ValueError, match=r"design of shape \(3, 2, 1\) and theta of shape \(1,\) do not fit"):
        information.uncensored(PoissonFamily(), np.ones((3, 2, 1)), [1.0])
