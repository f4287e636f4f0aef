"""Solvers for weights. Oracles: finite differences, the multiplicative algorithm, duality."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.onebit import _shares

RNG = np.random.default_rng(5)
TARGETS = [None, np.diag([1.0, 4.0, 0.25])]


def task(target: np.ndarray | None, guesses: int = 2, count: int = 30) -> _shares.Task:
    factors = RNG.normal(size=(guesses, count, 3))
    return _shares.Task(factors, np.full(guesses, 1.0 / guesses), target)


@pytest.mark.parametrize("target", TARGETS)
def test_derivatives(target: np.ndarray | None) -> None:
    one = task(target, count=6)
    w = RNG.dirichlet(np.ones(6))
    h = 1e-5
    unit = np.eye(6)

    def slope(v: np.ndarray) -> np.ndarray:
        duals = _shares.gradients(_shares.informations(one, v), target)
        return _shares.sensitivity(one.factors, duals, one.prior)

    numeric = [(_shares._value(one, w + h * e) - _shares._value(one, w - h * e)) / (2 * h) for e in unit]
    np.testing.assert_allclose(slope(w), numeric, rtol=1e-6)
    bend = [(slope(w + h * e) - slope(w - h * e)) / (2 * h) for e in unit]
    np.testing.assert_allclose(_shares._hessian(one, _shares.informations(one, w)), bend, rtol=1e-5)
    assert w @ slope(w) == pytest.approx(1.0)


@pytest.mark.parametrize("target", TARGETS)
def test_equivalence_theorem(target: np.ndarray | None) -> None:
    one = task(target)
    w = _shares.best_weights(one)
    found = _shares.sensitivity(
        one.factors, _shares.gradients(_shares.informations(one, w), target), one.prior
    )
    assert found.max() < 1 + 1e-9
    np.testing.assert_allclose(found[w > 1e-9], 1.0, atol=1e-8)


def test_multiplicative_algorithm_agrees() -> None:
    """Oracle: w <- w times sensitivity, many times, for the determinant."""
    one = task(None, guesses=1, count=12)
    w = np.full(12, 1 / 12)
    for _ in range(20_000):
        w = w * _shares.sensitivity(
            one.factors, _shares.gradients(_shares.informations(one, w), None), one.prior
        )
    best = _shares.best_weights(one)
    assert _shares._value(one, best) >= _shares._value(one, w) - 1e-12
    np.testing.assert_allclose(best, w, atol=1e-3)


def test_elfving_is_the_limit_of_regular_designs() -> None:
    """Oracle: the same variance from the trace criterion with L = c c' + tiny, and strong duality."""
    factors, c = RNG.normal(size=(40, 3)), np.array([1.0, -0.5, 0.2])
    weights, variance, dual = _shares.elfving(factors, c)
    assert np.abs(factors @ dual).max() == pytest.approx(1.0)
    assert (c @ dual) ** 2 == pytest.approx(variance)
    information = (factors * weights[:, None]).T @ factors
    assert c @ np.linalg.pinv(information) @ c == pytest.approx(variance, rel=1e-6)
    near = _shares.Task(factors[None], np.ones(1), np.outer(c, c) + 1e-7 * np.eye(3))
    value = np.exp(-_shares._value(near, _shares.best_weights(near)))
    assert value == pytest.approx(variance, rel=1e-3)
    assert value >= variance


def test_singular_candidates_are_refused() -> None:
    flat = np.zeros((1, 5, 2))
    flat[..., 0] = 1.0
    with pytest.raises(ValueError, match="cannot tell"):
        _shares.best_weights(_shares.Task(flat, np.ones(1), None))
    with pytest.raises(ValueError, match="tell nothing"):
        _shares.elfving(flat[0], np.array([0.0, 1.0]))


def test_maximin_bound_is_a_bound() -> None:
    one = task(None, guesses=3)
    single = [
        _shares.best_weights(
            one.take(np.arange(30))._replace(factors=one.factors[k : k + 1], prior=np.ones(1))
        )
        for k in range(3)
    ]
    best = np.exp(
        [
            _shares._value(_shares.Task(one.factors[k : k + 1], np.ones(1), None), w)
            for k, w in enumerate(single)
        ]
    )
    _, reached, limit, prior = _shares.maximin(one, best, 400, 1e-4)
    assert reached.min() <= limit <= reached.min() * (1 + 2e-4)
    assert prior.sum() == pytest.approx(1.0)
    for other in (*single, np.full(30, 1 / 30)):
        found = np.exp(_shares.log_psi(_shares.informations(one, other), None)) / best
        assert found.min() <= limit
