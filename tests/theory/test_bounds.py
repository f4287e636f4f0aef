"""Bounds on the focal-entropy: oracle naive loops over the definitions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from focalbook.theory import bounds


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 1.7, 6.0])
def test_bounds_hold_against_a_naive_loop(gamma):
    rng = np.random.default_rng(5)
    p, q = rng.dirichlet(np.ones(4), (2, 30))
    both, power = bounds.bernoulli_bounds(p, q, gamma), bounds.jensen_bound(p, q, gamma)
    for k in range(30):  # oracle: loops over the definitions
        cross = sum(-a * np.log(b) for a, b in zip(p[k], q[k], strict=True))
        weighed = sum(-a * b * np.log(b) for a, b in zip(p[k], q[k], strict=True))
        focal = sum(-a * (1 - b) ** gamma * np.log(b) for a, b in zip(p[k], q[k], strict=True))
        ends = sorted((cross - gamma * weighed, cross - weighed))
        assert [both.lower[k], both.upper[k]] == pytest.approx(ends, rel=1e-12)
        assert both.lower[k] - 1e-12 <= focal <= both.upper[k] + 1e-12
        order = [cross - gamma * weighed, power[k], focal] if gamma >= 1 else [focal, power[k], ends[1]]
        assert all(low <= high + 1e-12 for low, high in itertools.pairwise(order))


def test_bounds_at_the_edges():
    assert bounds.bernoulli_bounds([0.5, 0.5], [1.0, 0.0], 2.0).lower == np.inf
    assert bounds.jensen_bound([0.5, 0.5], [1.0, 0.0], 2.0) == np.inf
    assert bounds.jensen_bound([1.0, 0.0], [1.0, 0.0], 2.0) == 0.0
    assert bounds.bernoulli_bounds([1.0, 0.0], [1.0, 0.0], 2.0) == (0.0, 0.0)


def test_one_gamma_for_each_row_and_any_axis():
    rng = np.random.default_rng(6)
    p, q = rng.dirichlet(np.ones(3), (2, 4))
    gammas = np.array([0.0, 0.5, 1.0, 7.0])
    one = [bounds.jensen_bound(p[k], q[k], gammas[k]) for k in range(4)]  # oracle: one at a time
    np.testing.assert_allclose(bounds.jensen_bound(p.T, q.T, gammas, axis=0), one, rtol=1e-14)
    one = [bounds.bernoulli_bounds(p[k], q[k], gammas[k]).lower for k in range(4)]
    np.testing.assert_allclose(bounds.bernoulli_bounds(p, q, gammas).lower, one, rtol=1e-14)
