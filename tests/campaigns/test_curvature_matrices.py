"""Dense matrices of a small network. Oracles: naive loops with reverse-mode autograd, closed forms, GC-7."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from focalbook.campaigns.curvature_matrices import Local, local
from focalbook.nn.loss import focal_cross_entropy
from focalbook.nn.models import build_model
from focalbook.theory.loss import focal_gain, focal_gain_derivative


@pytest.fixture(scope="module")
def small() -> tuple[Local, torch.nn.Module, torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    network = build_model("tanh-mlp", (3,), 4, hidden=(4,))
    x, y = torch.randn(15, 3), torch.arange(15) % 4
    return local(network, x, y), network.double(), x.double(), y


def test_fisher_by_a_naive_loop(small) -> None:
    at, network, x, _ = small
    weights = list(network.parameters())
    total = torch.zeros_like(at.fisher())
    for image in x:
        logs = torch.log_softmax(network(image[None]), 1)[0]
        for value in logs:
            slopes = torch.autograd.grad(value, weights, retain_graph=True)
            score = torch.cat([s.reshape(-1) for s in slopes])
            total += value.exp().detach() * torch.outer(score, score)
    torch.testing.assert_close(at.fisher(), total / len(x), atol=1e-14, rtol=1e-12)


def test_three_routes_to_the_fisher_information(small) -> None:
    at = small[0]
    for other in (at.gauss_newton(0.0), at.divergence_hessian()):
        torch.testing.assert_close(other, at.fisher(), atol=1e-14, rtol=1e-12)
    for different in (at.hessian(0.0), at.empirical_fisher(0.0), at.gauss_newton(2.0)):
        assert float((different - at.fisher()).abs().max()) > 1e-3


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_logit_hessian_is_the_closed_form(small, gamma: float) -> None:
    at, labels = small[0], small[3]
    q = torch.softmax(at.logits, 1).numpy()
    found = at.logit_hessian(gamma).numpy()
    for k, row in enumerate(q):
        own = row[labels[k]]
        miss = row - np.eye(4)[labels[k]]
        first = focal_gain(own, gamma) * (np.diag(row) - np.outer(row, row))
        exact = first - own * focal_gain_derivative(own, gamma) * np.outer(miss, miss)
        np.testing.assert_allclose(found[k], exact, atol=1e-13)


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_hessian_is_that_of_the_surprisals(small, gamma: float) -> None:
    """Oracle: sum of h(q) grad^2 c - q h'(q) grad c grad c', sample by sample."""
    at, labels = small[0], small[3]
    total, slope = torch.zeros_like(at.fisher()), torch.zeros_like(at.weights)
    for k, label in enumerate(labels):

        def surprisal(w: torch.Tensor, k: int = k, label: torch.Tensor = label) -> torch.Tensor:
            return -torch.log_softmax(at.outputs(w), 1)[k, label]

        c = float(surprisal(at.weights))
        step = torch.autograd.functional.jacobian(surprisal, at.weights)
        bend = torch.autograd.functional.hessian(surprisal, at.weights)
        q = np.exp(-c)
        h, rate = float(focal_gain(q, gamma)), float(q * focal_gain_derivative(q, gamma))
        total += h * bend - rate * torch.outer(step, step)
        slope += h * step
    torch.testing.assert_close(at.hessian(gamma), total / len(labels), atol=1e-12, rtol=1e-10)
    torch.testing.assert_close(at.gradient(gamma), slope / len(labels), atol=1e-13, rtol=1e-11)


def test_empirical_fisher_by_a_naive_loop(small) -> None:
    at, network, x, y = small
    total = torch.zeros_like(at.fisher())
    for image, label in zip(x, y, strict=True):
        loss = focal_cross_entropy(network(image[None]), label[None], 2.0)
        slopes = torch.autograd.grad(loss, list(network.parameters()))
        each = torch.cat([s.reshape(-1) for s in slopes])
        total += torch.outer(each, each)
    torch.testing.assert_close(at.empirical_fisher(2.0), total / len(x), atol=1e-13, rtol=1e-10)


def test_weight_one_is_the_gauss_newton_matrix(small) -> None:
    at = small[0]
    torch.testing.assert_close(at.weighted(torch.ones_like), at.gauss_newton(0.0))


def test_bad_input_is_refused(small) -> None:
    network = build_model("mlp", (64,), 10, hidden=(64,))
    with pytest.raises(ValueError, match="at most 2000"):
        local(network, torch.zeros(2, 64), torch.zeros(2, dtype=torch.int64))
    with pytest.raises(ValueError, match="labels must be integers"):
        local(small[1], small[2], torch.zeros(3, dtype=torch.int64))
