"""Sandwich covariances of focal fits. Oracles: torch's derivatives of each cell, outer products of scores."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import norm

import focalbook as fb
from focalbook.onebit import Gaussian, focal_fit

TAU = np.array([-1.5, -0.5, 0.5, 1.5, 2.5])
FIVE, TRUTH = Gaussian(1.0, TAU), np.array([0.3, 1.0])
COUNTS, TRIALS = np.array([193, 160, 80, 25, 2]), np.full(5, 200)


@pytest.mark.parametrize("gamma", [0.7, 3.0])
def test_sandwich_by_automatic_differentiation(gamma):
    """Oracle: torch's gradients of the loss of each cell, and their variance written out."""
    k, n = torch.tensor(COUNTS, dtype=torch.float64), torch.tensor(TRIALS, dtype=torch.float64)
    fit = focal_fit(FIVE, COUNTS, TRIALS, gamma)
    x = torch.tensor(fit.estimate, requires_grad=True)

    def losses(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        p = torch.special.ndtr((x[0] - torch.tensor(TAU)) / x[1])
        return -((1 - p) ** gamma) * p.log(), -(p**gamma) * (1 - p).log()

    def total(x: torch.Tensor) -> torch.Tensor:
        one, zero = losses(x)
        return (k * one + (n - k) * zero).sum()

    bend = torch.autograd.functional.hessian(total, x.detach())
    one, zero = torch.autograd.functional.jacobian(losses, x.detach())
    spread = torch.einsum("c,ci,cj->ij", k * (n - k) / (n - 1), one - zero, one - zero)
    np.testing.assert_allclose(torch.autograd.grad(total(x), x)[0].numpy(), 0.0, atol=1e-9)
    inverse = torch.linalg.inv(bend)
    np.testing.assert_allclose(fit.naive_covariance, inverse.numpy(), rtol=1e-8)
    np.testing.assert_allclose(fit.covariance, (inverse @ spread @ inverse).numpy(), rtol=1e-8)


def test_single_bits_count_with_their_mean_square():
    """Oracle: the usual sandwich sum of outer products of gradients, one row for each bit."""
    rng = np.random.default_rng(3)
    tau = rng.normal(size=300)
    model = Gaussian(1.0, tau)
    bits = model.simulate_bits((0.2, 1.0), 4).astype(float)
    fit = focal_fit(model, bits, np.ones(300), 2.0)
    a, s = fit.estimate
    z = (a - tau) / s
    p, f = norm.cdf(z), norm.pdf(z)
    weight = np.where(bits == 1, fb.focal_gain(p, 2.0) * f / p, -fb.focal_gain(1 - p, 2.0) * f / (1 - p))
    score = weight[:, None] * np.stack([np.full(300, 1 / s), -z / s], axis=-1)
    meat = score.T @ score
    np.testing.assert_allclose(fit.covariance, fit.naive_covariance @ meat @ fit.naive_covariance, rtol=1e-9)
