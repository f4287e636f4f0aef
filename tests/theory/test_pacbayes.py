"""PAC-Bayes bounds. Oracles: 50-digit arithmetic, naive sums over sequences, searches on a grid."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focalbook.theory import pacbayes as pb
from focalbook.theory.entropy import kl_divergence


def mp_kl(a: float, b: float) -> mp.mpf:
    x, y = mp.mpf(a), mp.mpf(b)
    first = x * mp.log(x / y) if x else mp.mpf(0)
    return first + ((1 - x) * mp.log((1 - x) / (1 - y)) if x < 1 else 0)


def test_moment_against_all_sequences():
    for n in range(1, 9):  # oracle: exact rational arithmetic over the numbers of ones
        exact = sum(comb(n, k) * Fraction(k, n) ** k * Fraction(n - k, n) ** (n - k) for k in range(n + 1))
        assert pb.kl_moment(n) == pytest.approx(float(exact), rel=1e-15)
        for risk in (0.1, 0.7):
            naive = sum(
                np.prod([risk if bit else 1 - risk for bit in bits])
                * float(mp.exp(n * mp_kl(sum(bits) / n, risk)))
                for bits in itertools.product((0, 1), repeat=n)
            )
            assert naive == pytest.approx(pb.kl_moment(n), rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 7, 8, 1000, 10**6, 10**9])
def test_moment_is_below_two_roots(n):
    assert pb.kl_moment(n) <= 2 * np.sqrt(n)
    assert pb.kl_moment(n) == pytest.approx(
        np.sqrt(np.pi * n / 2) + 2 / 3, abs=0.12 / np.sqrt(n) + 1e-9 * n**0.5
    )


def test_formulas_by_hand():
    n, delta, loss, kl, lam = 100, 0.05, 0.2, 3.0, 0.4
    c = kl + np.log(2 * 10 / delta)
    assert pb.complexity(kl, n, delta) == pytest.approx(c / n, rel=1e-15)
    assert pb.lambda_bound(loss, kl, n, delta, lam) == pytest.approx(
        loss / 0.8 + c / (n * 0.4 * 0.8), rel=1e-14
    )


@given(
    loss=st.floats(0, 1),
    kl=st.floats(0, 1e4),
    n=st.integers(1, 10**9),
    delta=st.floats(1e-12, 1 - 1e-12),
)
@settings(max_examples=200, deadline=None)
def test_the_best_lambda_is_best(loss, kl, n, delta):
    best = float(pb.optimal_lambda(loss, kl, n, delta))
    value = float(pb.best_lambda_bound(loss, kl, n, delta))
    assert 0 < best <= 1
    assert float(pb.lambda_bound(loss, kl, n, delta, best)) == pytest.approx(value, rel=1e-11)
    grid = np.concatenate([best * np.array([0.5, 0.999, 1.001, 1.5]), np.linspace(0.01, 1.99, 50)])
    grid = grid[grid < 2]
    assert (pb.lambda_bound(loss, kl, n, delta, grid) >= value * (1 - 1e-11)).all()
    assert float(pb.kl_bound(loss, kl, n, delta)) <= value * (1 + 1e-12)


def test_gibbs_against_a_naive_loop():
    rng = np.random.default_rng(0)
    prior, losses = rng.dirichlet(np.ones(6)), rng.random((4, 6))
    prior[2] = 0.0
    prior /= prior.sum()
    for row, rate in zip(losses, (0.0, 1.0, -3.0, 20.0), strict=True):
        weights = [p * np.exp(-rate * loss) for p, loss in zip(prior, row, strict=True)]
        np.testing.assert_allclose(pb.gibbs(prior, row, rate), np.array(weights) / sum(weights), rtol=1e-13)
    together = pb.gibbs(prior, losses, np.array([0.0, 1.0, -3.0, 20.0]))
    assert together.shape == (4, 6)
    assert (together[:, 2] == 0).all()


def test_gibbs_at_extreme_rates():
    prior, losses = np.array([0.2, 0.3, 0.5]), np.array([0.3, 0.1, 0.1 + 1e-6])
    np.testing.assert_array_equal(pb.gibbs(prior, losses, 1e12), [0, 1, 0])
    np.testing.assert_array_equal(pb.gibbs(prior, losses, -1e12), [1, 0, 0])
    ratio = np.divide(*pb.gibbs(prior, losses, 1e6)[[2, 1]])
    assert ratio == pytest.approx(np.exp(-1.0) * 5 / 3, rel=1e-8)


@given(st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_no_rival_beats_gibbs(seed):
    rng = np.random.default_rng(seed)
    prior, losses = rng.dirichlet(np.ones(5)), rng.random(5)
    rate = 10 ** rng.uniform(-2, 3)
    own = pb.gibbs(prior, losses, rate)

    def cost(rho):
        return rate * (rho @ losses) + kl_divergence(rho, prior)

    for _ in range(5):
        rival = own * np.exp(rng.normal(0, 0.5, 5))
        assert cost(own) <= cost(rival / rival.sum()) + 1e-11 * max(rate, 1)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pb.complexity(1, 0, 0.1), "at least 1"),
        (lambda: pb.complexity(1, 10.5, 0.1), "whole number"),
        (lambda: pb.complexity(1, 10, 0.0), "strictly between 0 and 1"),
        (lambda: pb.complexity(1, 10, 1.0), "strictly between 0 and 1"),
        (lambda: pb.complexity(1, 10, np.nan), "strictly between 0 and 1"),
        (lambda: pb.complexity(-1, 10, 0.1), "never negative"),
        (lambda: pb.lambda_bound(0.1, 1, 10, 0.1, 0.0), "between 0 and 2"),
        (lambda: pb.lambda_bound(0.1, 1, 10, 0.1, 2.0), "between 0 and 2"),
        (lambda: pb.lambda_bound(1.1, 1, 10, 0.1, 1.0), r"\[0, 1\]"),
        (lambda: pb.kl_inverse(0.1, -1.0), "at least 0"),
        (lambda: pb.kl_moment(0), "at least 1"),
        (lambda: pb.gibbs([0.5, 0.6], [0, 1], 1.0), "sums to"),
        (lambda: pb.gibbs([0.5, 0.5], [0, 1, 2], 1.0), "one for each of 2"),
        (lambda: pb.gibbs([0.5, 0.5], [0, np.inf], 1.0), "finite"),
        (lambda: pb.complexity("many", 10, 0.1), "number of nats"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()
