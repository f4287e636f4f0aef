"""Differentiable minimiser; oracles: finite differences, focalbook.theory, the envelope theorem."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck

from focalbook.nn import minimizer, multiplier
from focalbook.nn.log_odds import all_log_odds, focal_from_log_odds
from focalbook.theory import minimizer as theory
from focalbook.theory.loss import focal_loss


def distributions(rows: int = 3, classes: int = 4) -> Tensor:
    generator = torch.Generator().manual_seed(11)
    return (1.5 * torch.randn(rows, classes, generator=generator, dtype=torch.float64)).softmax(1)


def free(z: Tensor) -> Tensor:
    """Distributions from numbers that may vary freely, as finite differences need them."""
    return z.softmax(-1)


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 4.0])
def test_values_are_those_of_the_theory(gamma: float) -> None:
    p = distributions(2 * 3).view(2, 3, 4)
    np.testing.assert_array_equal(minimizer(p, gamma).numpy(), theory.minimizer(p.numpy(), gamma))
    np.testing.assert_allclose(
        multiplier(p, gamma).numpy(), theory.multiplier(p.numpy(), gamma), rtol=1e-12, atol=0
    )


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.0, 6.0])
@pytest.mark.parametrize("function", [minimizer, multiplier])
def test_first_and_second_derivatives_against_finite_differences(gamma: float, function: object) -> None:
    z = distributions().log().requires_grad_()
    step = 0.1  # away from gamma = 0, where only one side is defined
    g = torch.full((3,), gamma + step, dtype=torch.float64, requires_grad=True)
    for check in (gradcheck, gradgradcheck):
        assert check(lambda x, y: function(free(x), y), (z, g))  # type: ignore[operator]


def test_gradient_at_gamma_zero_is_that_of_the_identity() -> None:
    p = distributions().requires_grad_()
    direction = torch.randn(p.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    (found,) = torch.autograd.grad((minimizer(p, 0.0) * direction).sum(), p)
    expected = direction - (direction * p.detach()).sum(1, keepdim=True)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("gamma", [0.5, 3.0])
def test_derivative_of_the_optimal_value_is_the_loss_itself(gamma: float) -> None:
    """Envelope theorem: d F(P, Q*)/d p_i = l(q_i), up to a constant along p."""
    p = distributions().requires_grad_()
    q = minimizer(p, gamma)
    value = (p * focal_from_log_odds(all_log_odds(q.log()), gamma)).sum(1)
    (found,) = torch.autograd.grad(value.sum(), p)
    loss = torch.as_tensor(focal_loss(q.detach().numpy(), gamma))
    torch.testing.assert_close(found, loss, rtol=1e-9, atol=1e-12)


def test_class_of_mass_zero_has_the_one_sided_derivative() -> None:
    gamma, step = 2.0, 1e-9
    p = torch.tensor([0.7, 0.3, 0.0], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(minimizer(p, gamma)[2], p)
    q = theory.minimizer(np.array([0.7 * (1 - step), 0.3 * (1 - step), step]), gamma)
    assert gradient[2].item() == pytest.approx(q[2] / step, rel=1e-6)
    assert torch.isfinite(gradient).all()


def test_one_hot_rows_have_gradient_zero_by_convention() -> None:
    p = torch.tensor([[0.0, 1.0], [0.4, 0.6]], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(minimizer(p, 1.0)[:, 1].sum(), p)
    assert gradient[0].tolist() == [0.0, 0.0]
    assert gradient[1].abs().min() > 0


@pytest.mark.parametrize("gamma", [0.1, 0.5, 1.0, 5.0, 50.0])
def test_gradients_are_finite_next_to_the_boundary(gamma: float) -> None:
    edges = [[1e-300, 1.0], [1e-12, 1 - 1e-12], [0.5, 0.5], [1 - 1e-16, 1e-16]]
    p = torch.tensor(edges, dtype=torch.float64, requires_grad=True)
    g = torch.full((4,), gamma, dtype=torch.float64, requires_grad=True)
    q = minimizer(p, g)
    for gradient in torch.autograd.grad((q * torch.tensor([1.0, -2.0])).sum(), (p, g)):
        assert torch.isfinite(gradient).all()


def test_single_precision_rounds_only_the_result() -> None:
    p = distributions().float().requires_grad_()
    q = minimizer(p, 2.0)
    assert q.dtype is torch.float32
    (gradient,) = torch.autograd.grad(q[:, 0].sum(), p)
    wide = p.detach().double().requires_grad_()
    (expected,) = torch.autograd.grad(minimizer(wide, 2.0)[:, 0].sum(), wide)
    assert gradient.dtype is torch.float32
    torch.testing.assert_close(gradient.double(), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("p", "gamma", "message"),
    [
        (torch.ones(2, dtype=torch.float16) / 2, 1.0, "float32 or float64"),
        (torch.tensor(1.0), 1.0, "float32 or float64"),
        (torch.ones(2, 2) / 2, torch.ones(3), "one gamma for each"),
        (torch.tensor([0.5, 0.6]), 1.0, "sum"),
        (torch.tensor([0.5, 0.5]), -1.0, "gamma"),
    ],
)
def test_bad_input_is_refused(p: Tensor, gamma: float | Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        minimizer(p, gamma)
