"""Minimisation over posterior and lambda. Oracles: scans of the bound, plain alternation in a loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focalbook.theory import pacbayes as pb
from focalbook.theory.entropy import kl_divergence


def test_bound_at_against_the_formulas():
    rng = np.random.default_rng(0)
    prior, losses = rng.dirichlet(np.ones(7)), rng.random(7)
    for lam in (1e-3, 0.2, 1.0, 1.9):
        own = pb.gibbs(prior, losses, lam * 500)
        plain = pb.lambda_bound(own @ losses, kl_divergence(own, prior), 500, 0.05, lam)
        assert pb.bound_at(prior, losses, 500, 0.05, lam) == pytest.approx(float(plain), rel=1e-12)
    assert pb.bound_at(prior, losses, 500, 0.05, [[0.1, 0.2]]).shape == (1, 2)


def test_alternation_against_a_plain_loop():
    rng = np.random.default_rng(1)
    prior, losses, n, delta, lam = rng.dirichlet(np.ones(9)), rng.random(9), 300, 0.1, 1.0
    for _ in range(200):
        own = pb.gibbs(prior, losses, lam * n)
        lam = float(pb.optimal_lambda(own @ losses, kl_divergence(own, prior), n, delta))
    found = pb.alternate(prior, losses, n, delta)
    assert found.lam == pytest.approx(lam, rel=1e-10)
    np.testing.assert_allclose(found.posterior, pb.gibbs(prior, losses, lam * n), atol=1e-9)
    assert found.converged
    assert len(found.history) == len(found.path)


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_global_minimum_against_a_scan(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 8))
    prior = np.exp(rng.uniform(-150, 0, count))  # often several minima
    prior, losses, n = prior / prior.sum(), rng.random(count) * rng.random(), int(10 ** rng.uniform(0, 4))
    found = pb.minimize_bound(prior, losses, n, 0.05)
    scan = pb.bound_at(prior, losses, n, 0.05, np.geomspace(1e-4, 1.0, 300))
    assert found.best.bound <= scan.min() * (1 + 1e-12)
    dips = np.flatnonzero((scan[1:-1] < scan[:-2]) & (scan[1:-1] < scan[2:]))
    assert len(found.minima) >= dips.size
    assert found.unique == (len(found.minima) == 1)
    assert len(found.barriers) == len(found.minima) - 1
    for one in found.minima:
        assert (np.diff(one.history) <= 1e-14 * one.history[0]).all()  # it never rises
        assert one.posterior.sum() == pytest.approx(1.0, rel=1e-13)
        steps = np.diff(one.path)
        assert (steps >= -1e-11).all() or (steps <= 1e-11).all()  # it moves one way


def test_two_minima():
    rare = np.exp(-100.0)
    found = pb.minimize_bound([1 - rare, rare], [0.3, 0.0], 1000, 0.05)
    low, high = found.minima
    assert not found.unique
    assert found.gap == pytest.approx(low.bound - high.bound, rel=1e-14)
    # oracle: all mass on one hypothesis, at its own best lambda
    assert low.bound == pytest.approx(float(pb.best_lambda_bound(0.3, 0.0, 1000, 0.05)), rel=1e-9)
    assert high.bound == pytest.approx(float(pb.best_lambda_bound(0.0, 100.0, 1000, 0.05)), rel=1e-9)
    assert pb.alternate([1 - rare, rare], [0.3, 0.0], 1000, 0.05, start=0.1).bound == pytest.approx(low.bound)
    (barrier,) = found.barriers
    beside = pb.bound_at([1 - rare, rare], [0.3, 0.0], 1000, 0.05, barrier * np.array([0.99, 1.0, 1.01]))
    assert beside[1] > max(beside[0], beside[2])


def test_three_minima():
    prior = np.exp([0.0, -60.0, -400.0])
    found = pb.minimize_bound(prior / prior.sum(), [0.6, 0.3, 0.0], 1500, 0.05)
    scan = pb.bound_at(prior / prior.sum(), [0.6, 0.3, 0.0], 1500, 0.05, np.geomspace(1e-2, 1.0, 3000))
    dips = np.count_nonzero((scan[1:-1] < scan[:-2]) & (scan[1:-1] < scan[2:]))
    assert len(found.minima) >= dips + (scan[-1] < scan[-2])


def test_prior_without_mass_on_the_best_hypothesis():
    found = pb.minimize_bound([0.0, 0.5, 0.5], [0.0, 0.2, 0.4], 1000, 0.05)
    assert found.best.posterior[0] == 0.0
    alone = pb.minimize_bound([0.5, 0.5], [0.2, 0.4], 1000, 0.05)
    assert found.best.bound == pytest.approx(alone.best.bound, rel=1e-13)


def test_equal_losses_keep_the_prior():
    found = pb.minimize_bound([0.25, 0.75], [0.3, 0.3], 100, 0.05)
    np.testing.assert_allclose(found.best.posterior, [0.25, 0.75], rtol=1e-14)
    assert found.best.kl == 0.0
    assert found.unique
    zero = pb.minimize_bound([1.0], [0.0], 100, 0.05).best
    assert (zero.lam, zero.bound) == (1.0, pytest.approx(2 * np.log(400) / 100))


def test_a_million_hypotheses_and_a_billion_examples():
    losses = np.random.default_rng(2).beta(2, 3, 10**6)
    found = pb.minimize_bound(np.full(10**6, 1e-6), losses, 10**9, 0.05)
    assert found.unique
    assert losses.min() < found.best.bound < losses.min() + 0.01
    assert found.best.converged


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"prior": [0.5, 0.4]}, "sums to"),
        ({"prior": [1.2, -0.2]}, "negative"),
        ({"prior": [[0.5, 0.5]]}, "one row"),
        ({"losses": [0.1, 0.2, 0.3]}, "each of 2 hypotheses"),
        ({"losses": [0.1, 1.5]}, "focal loss"),
        ({"losses": [0.1, np.nan]}, r"\[0, 1\]"),
        ({"n": 0}, "at least 1"),
        ({"delta": 1.0}, "strictly"),
    ],
)
def test_bad_input_is_named(change, says):
    good = {"prior": [0.5, 0.5], "losses": [0.1, 0.2], "n": 10, "delta": 0.1}
    with pytest.raises(ValueError, match=says):
        pb.minimize_bound(**(good | change))
    with pytest.raises(ValueError, match=says):
        pb.alternate(**(good | change))


def test_start_outside_the_range():
    with pytest.raises(ValueError, match="between 0 and 2"):
        pb.alternate([1.0], [0.5], 10, 0.1, start=2.0)
