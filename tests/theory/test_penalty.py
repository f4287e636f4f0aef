"""Cross-entropy with a reward for entropy: oracles naive sums and SciPy's SLSQP."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from focalbook.theory.penalty import entropy_bounds, penalised_entropy, penalised_minimizer


def naive(p, q, gamma):
    return sum(-a * np.log(b) + gamma * b * np.log(b) for a, b in zip(p, q, strict=True))


@pytest.mark.parametrize("gamma", [0.0, 0.5, 3.0])
def test_bounds_are_naive_sums(gamma):
    p, q = np.random.default_rng(2).dirichlet(np.ones(4), (2, 20))
    sharp, bound = entropy_bounds(p, q, gamma)
    np.testing.assert_array_equal(penalised_entropy(p, q, gamma), bound)
    for k in range(20):
        assert bound[k] == pytest.approx(naive(p[k], q[k], gamma), rel=1e-12)
        coins = sum(a * (-b * np.log(b) - (1 - b) * np.log(1 - b)) for a, b in zip(p[k], q[k], strict=True))
        cross = sum(-a * np.log(b) for a, b in zip(p[k], q[k], strict=True))
        assert sharp[k] == pytest.approx(cross - gamma * coins, rel=1e-12)


def test_bounds_at_the_edges():
    assert penalised_entropy([0.5, 0.5], [1.0, 0.0], 2.0) == np.inf
    assert entropy_bounds([1.0, 0.0], [1.0, 0.0], 2.0) == (0.0, 0.0)


@pytest.mark.parametrize("gamma", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("p", [[0.9, 0.1], [0.6, 0.3, 0.1], [0.7, 0.3, 0.0]])
def test_minimizer_against_slsqp(p, gamma):
    p = np.array(p)
    found = minimize(
        lambda q: naive(p, q, gamma),
        np.full(len(p), 1 / len(p)),
        bounds=[(1e-12, 1)] * len(p),
        constraints=[{"type": "eq", "fun": lambda q: q.sum() - 1}],
        method="SLSQP",
        options={"ftol": 1e-14},
    )
    q = penalised_minimizer(p, gamma)
    np.testing.assert_allclose(q, found.x, atol=2e-6)
    assert penalised_entropy(p, q, gamma) <= found.fun + 1e-12


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.floats(0.0, 1.0), min_size=2, max_size=9).filter(lambda w: sum(w) > 1e-3), st.floats(-3, 3)
)
def test_equations(weights, power):
    p, gamma = np.array(weights) / sum(weights), 10.0**power
    q = penalised_minimizer(p, gamma)
    logs = np.log(np.maximum(q, 1e-320))
    mean = -(q * logs).sum()
    assert q.sum() == pytest.approx(1.0, abs=1e-15)
    np.testing.assert_allclose(q * (1 + gamma * (logs + mean)), p, atol=1e-14 * (1 + gamma))


def test_one_gamma_for_each_row_and_any_axis():
    p = np.random.default_rng(3).dirichlet(np.ones(3), 4)
    gammas = np.array([0.1, 0.5, 2.0, 9.0])
    one = [penalised_minimizer(p[k], gammas[k]) for k in range(4)]  # oracle: one at a time
    np.testing.assert_allclose(penalised_minimizer(p.T, gammas, axis=0).T, one, rtol=1e-14)


def test_classes_that_never_occur_get_mass():
    assert penalised_minimizer([1.0, 0.0], 1.0)[1] > 0.2
    np.testing.assert_allclose(penalised_minimizer([0.25] * 4, 3.0), 0.25, rtol=1e-15)


@pytest.mark.parametrize("gamma", [0.0, -1.0, np.nan])
def test_bad_gamma(gamma):
    with pytest.raises(ValueError, match="gamma"):
        penalised_minimizer([0.5, 0.5], gamma)


def test_bad_distributions():
    with pytest.raises(ValueError, match="sums to"):
        penalised_minimizer([0.5, 0.6], 1.0)
    with pytest.raises(ValueError, match="same shape"):
        penalised_entropy([0.5, 0.5], [0.2, 0.3, 0.5], 1.0)
