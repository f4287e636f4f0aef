"""Sharpness-aware gradients; oracles: a quadratic by hand, and the two passes written out."""

from __future__ import annotations

import copy

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from focalbook.training.sam import ascent, kept_buffers, sharpness_aware_gradient
from tests.training.networks import TinyConv


def test_ascent_has_length_rho_along_the_gradient() -> None:
    gradients = [torch.tensor([3.0, 0.0]), torch.tensor([[4.0]])]
    first, second = ascent(gradients, 0.5)
    torch.testing.assert_close(first, torch.tensor([0.3, 0.0]))
    torch.testing.assert_close(second, torch.tensor([[0.4]]))
    assert all(bool((step == 0).all()) for step in ascent([torch.zeros(3)], 0.5))


def test_quadratic() -> None:
    """L = w'Aw/2 has the sharpness-aware gradient A(w + rho Aw/|Aw|)."""
    a = torch.tensor([[2.0, 0.3], [0.3, 1.0]], dtype=torch.float64)
    w = nn.Parameter(torch.tensor([1.0, -2.0], dtype=torch.float64))
    start = w.detach().clone()
    loss = sharpness_aware_gradient(nn.Identity(), [w], lambda: w @ a @ w / 2, 0.1)
    g = a @ start
    assert torch.equal(w.detach(), start)
    assert w.grad is not None
    torch.testing.assert_close(w.grad, a @ (start + 0.1 * g / g.norm()))
    torch.testing.assert_close(loss, start @ a @ start / 2)


def test_batch_normalisation_counts_the_first_pass_alone() -> None:
    torch.manual_seed(0)
    model, x, y = TinyConv((1, 4, 4), 3), torch.rand(8, 1, 4, 4), torch.randint(3, (8,))
    other = copy.deepcopy(model)
    parameters = list(model.parameters())
    sharpness_aware_gradient(model, parameters, lambda: cross_entropy(model(x), y), 0.3)
    first = torch.autograd.grad(cross_entropy(other(x), y), list(other.parameters()))
    after_one = copy.deepcopy(other.state_dict())
    norm = torch.cat([g.flatten() for g in first]).norm()
    with torch.no_grad():
        for p, g in zip(other.parameters(), first, strict=True):
            p.add_(0.3 * g / norm)
    cross_entropy(other(x), y).backward()
    for p, q in zip(parameters, other.parameters(), strict=True):
        torch.testing.assert_close(p.grad, q.grad)
    for name, value in model.state_dict().items():
        assert torch.equal(value, after_one[name]), name


def test_buffers_come_back_after_an_error_too() -> None:
    model = TinyConv((1, 4, 4), 3)
    before = copy.deepcopy(model.state_dict())
    try:
        with kept_buffers(model):
            model(torch.rand(4, 1, 4, 4))
            raise KeyError
    except KeyError:
        pass
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
