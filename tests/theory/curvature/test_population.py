"""Curvature of the mean loss. Oracles: the mean of the labels' Hessians, autograd, mpmath with 50 digits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import torch

from focalbook.theory.curvature import (
    certain_curvature_ratio,
    logit_hessian,
    optimum_curvature_ratio,
    optimum_hessian,
    optimum_trace,
    population_hessian,
    population_trace,
    two_class_optimum_ratio,
)
from focalbook.theory.minimizer import minimizer


@pytest.mark.parametrize("gamma", [0.0, 0.4, 1.0, 3.0])
def test_mean_of_the_hessians_of_the_labels(gamma):
    rng = np.random.default_rng(1)
    p, q = rng.dirichlet(np.ones(5), (2, 20))
    want = sum(p[:, y, None, None] * logit_hessian(q, y, gamma) for y in range(5))
    np.testing.assert_allclose(population_hessian(p, q, gamma), want, atol=1e-14)
    np.testing.assert_allclose(population_trace(p, q, gamma), np.trace(want, axis1=1, axis2=2), atol=1e-14)


def test_without_a_focal_weight_the_labels_do_not_matter():
    rng = np.random.default_rng(2)
    p, q = rng.dirichlet(np.ones(4), 2)
    np.testing.assert_allclose(population_hessian(p, q, 0.0), np.diag(q) - np.outer(q, q), atol=1e-15)
    np.testing.assert_allclose(optimum_hessian(p, 0.0), np.diag(p) - np.outer(p, p), atol=1e-15)


@pytest.mark.parametrize("gamma", [0.5, 2.0, 9.6])
def test_optimum_is_that_of_automatic_differentiation(gamma):
    rng = np.random.default_rng(3)
    for p in rng.dirichlet(np.ones(4), 5):
        z = torch.tensor(np.log(minimizer(p, gamma)))
        mass = torch.tensor(p)

        def mean_loss(z, mass=mass):
            log_q = torch.log_softmax(z, 0)
            return -(mass * (1 - log_q.exp()) ** gamma * log_q).sum()

        assert torch.autograd.functional.jacobian(mean_loss, z).abs().max() < 1e-14  # the optimum
        want = torch.autograd.functional.hessian(mean_loss, z).numpy()
        np.testing.assert_allclose(optimum_hessian(p, gamma), want, atol=1e-13)
        assert optimum_trace(p, gamma) == pytest.approx(np.trace(want), rel=1e-11)


def test_only_a_common_shift_of_the_logits_is_flat():
    rng = np.random.default_rng(4)
    for gamma in (0.2, 1.0, 5.0):
        values = np.linalg.eigvalsh(optimum_hessian(rng.dirichlet(np.full(5, 3.0), 50), gamma))
        assert np.abs(values[:, 0]).max() < 1e-14
        assert values[:, 1].min() > 1e-6


def test_elsewhere_the_mean_hessian_can_be_indefinite():
    p, q = [0.99, 0.005, 0.005], [0.001, 0.5, 0.499]
    assert np.linalg.eigvalsh(population_hessian(p, q, 2.0))[0] < -1e-3


def exact_pair(e: str, gamma: float) -> mp.mpf:
    """Ratio for P = (1 - e, e) with 60 digits, by solving for the rare class."""
    g, e = mp.mpf(gamma), mp.mpf(e)

    def loss(x):
        return -((1 - x) ** g) * mp.log(x)

    def slope(x):
        return (1 - x) ** g / x - g * (1 - x) ** (g - 1) * mp.log(x)

    def bend(x):
        return (
            (1 - x) ** g / x**2
            + 2 * g * (1 - x) ** (g - 1) / x
            - g * (g - 1) * (1 - x) ** (g - 2) * mp.log(x)
        )

    q = mp.findroot(
        lambda s: mp.log(e / (1 - e)) + mp.log(slope(mp.exp(s))) - mp.log(slope(1 - mp.exp(s))),
        mp.log(e / (1 + g)) / (1 + g),
    )
    q = mp.exp(q)
    return (q * (1 - q)) ** 2 * (e * bend(q) + (1 - e) * bend(1 - q)) / (e * (1 - e))


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("e", ["0.3", "1e-2", "1e-6", "1e-12"])
def test_ratio_of_two_classes_against_a_sixty_digit_solution(gamma, e):
    with mp.workdps(60):
        want = float(exact_pair(e, gamma))
    assert optimum_curvature_ratio([1 - float(e), float(e)], gamma) == pytest.approx(want, rel=1e-11)


def test_closed_form_needs_no_solver():
    q = np.linspace(0.001, 0.999, 101)
    for gamma in (0.0, 0.5, 2.0, 10.0):
        p, ratio = two_class_optimum_ratio(q, gamma)
        pairs = np.stack([p, 1 - p], axis=1)
        inside = (p > 1e-6) & (p < 1 - 1e-6)
        np.testing.assert_allclose(minimizer(pairs, gamma)[inside, 0], q[inside], rtol=1e-8)
        np.testing.assert_allclose(optimum_curvature_ratio(pairs, gamma)[inside], ratio[inside], rtol=1e-8)


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("shares", [[1.0], [0.5, 0.5], [0.7, 0.2, 0.1], [1 / 9] * 9])
def test_limit_is_reached(gamma, shares):
    e = 10.0 ** -max(40.0, 25.0 * (1 + gamma))
    p = np.concatenate([[1.0], e * np.array(shares)])
    limit = 1 + 0.5 * gamma * (1 + sum(w * w for w in shares))
    assert certain_curvature_ratio(shares, gamma) == pytest.approx(limit, rel=1e-14)
    assert optimum_curvature_ratio(p, gamma) == pytest.approx(limit, rel=1e-5)


def test_coin_flip_in_closed_form():
    for gamma in (0.5, 2.0, 4.2, 9.6):
        want = 2**-gamma * (1 + 2 * gamma + gamma * (gamma - 1) * np.log(2))
        assert optimum_curvature_ratio([0.5, 0.5], gamma) == pytest.approx(want, rel=1e-12)


def test_edges():
    assert np.isnan(optimum_curvature_ratio([1.0, 0.0], 2.0))
    assert optimum_curvature_ratio([1.0, 0.0], 0.0) == 1.0
    assert optimum_hessian([1.0, 0.0], 2.0).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    split = optimum_hessian([0.5, 0.5, 0.0], 2.0)
    np.testing.assert_allclose(split[:2, :2], optimum_hessian([0.5, 0.5], 2.0))
    assert split[2].tolist() == [0.0, 0.0, 0.0]
    tiny = optimum_curvature_ratio([1.0, 1e-300], 0.5)
    assert tiny == pytest.approx(1.5, rel=1e-9)  # squares would underflow


def test_batches_and_one_gamma_for_each_row():
    rng = np.random.default_rng(6)
    p, gammas = rng.dirichlet(np.ones(3), (2, 4)), rng.uniform(0, 3, (2, 4))
    whole = optimum_curvature_ratio(p, gammas)
    one = [[float(optimum_curvature_ratio(p[a, b], gammas[a, b])) for b in range(4)] for a in range(2)]
    np.testing.assert_allclose(whole, one, rtol=1e-12)
    assert optimum_hessian(p, gammas).shape == (2, 4, 3, 3)


def test_bad_input():
    with pytest.raises(ValueError, match="same shape"):
        population_hessian([0.5, 0.5], [0.3, 0.3, 0.4], 1.0)
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        two_class_optimum_ratio(1.0, 1.0)
    with pytest.raises(ValueError, match="rest: the distribution sums to"):
        certain_curvature_ratio([0.3, 0.3], 1.0)
