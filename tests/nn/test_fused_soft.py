"""Losses of soft targets, gradient by hand; oracles: mpmath, autograd, finite differences."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck

from focalbook.nn._fused_soft import FusedSoftFocal
from focalbook.nn.log_odds import all_log_odds, focal_from_log_odds
from tests.logit_rows import exact_gradient, exact_loss


def composed(z: Tensor, target: Tensor, gamma: float | Tensor) -> Tensor:
    """The same loss of plain operations, differentiated by PyTorch."""
    return (target * focal_from_log_odds(all_log_odds(z, dim=1), gamma)).sum(dim=1)


def batch(dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(5)
    z = 4 * torch.randn(7, 5, 2, generator=generator, dtype=torch.float64)
    target = torch.randn(7, 5, 2, generator=generator, dtype=torch.float64).softmax(1)
    return z.to(dtype).requires_grad_(), target.to(dtype).requires_grad_()


@given(
    logits=st.lists(st.floats(-200, 200), min_size=4, max_size=4),
    weights=st.lists(st.floats(0.0, 3.0), min_size=4, max_size=4),
    gamma=st.sampled_from([0.1, 0.5, 1.0, 2.0, 5.0]),
)
def test_value_and_gradient_against_mpmath(logits: list[float], weights: list[float], gamma: float) -> None:
    """Targets that do not sum to one are allowed: they carry weights. Errors are relative to the terms."""
    z = torch.tensor([logits], dtype=torch.float64, requires_grad=True)
    loss = FusedSoftFocal.apply(z, torch.tensor([weights], dtype=torch.float64), gamma)
    (gradient,) = torch.autograd.grad(loss.sum(), z)
    scale = 4e-15 * (1.0 + max(logits) - min(logits)) * (1 + gamma)
    np.testing.assert_allclose(
        loss.item(), float(exact_loss(logits, weights, gamma)), rtol=scale, atol=1e-290
    )
    exact = np.array(exact_gradient(logits, weights, gamma))
    np.testing.assert_allclose(gradient[0].numpy(), exact, rtol=scale, atol=scale * np.abs(exact).max())


@pytest.mark.parametrize("gamma", [0.25, 1.0, 3.0])
def test_all_gradients_agree_with_autograd(gamma: float) -> None:
    z, target = batch()
    g = torch.full((7, 1, 2), gamma, dtype=torch.float64, requires_grad=True)
    upstream = torch.rand(7, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    inputs = (z, target, g)
    found = torch.autograd.grad(FusedSoftFocal.apply(*inputs), inputs, upstream)
    expected = torch.autograd.grad(composed(*inputs), inputs, upstream)
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_first_and_second_derivatives_against_finite_differences(gamma: float) -> None:
    z, target = batch()
    z, target = (x[:2, :, 0].detach().clone().requires_grad_() for x in (z, target))
    g = torch.full((2, 1), gamma, dtype=torch.float64, requires_grad=True)
    assert gradcheck(FusedSoftFocal.apply, (z, target, g))
    assert gradgradcheck(FusedSoftFocal.apply, (z, target, g))


def test_forward_mode_agrees_with_reverse_mode() -> None:
    z, target = batch()
    g = torch.tensor(1.5, dtype=torch.float64).expand(7, 1, 2)
    generator = torch.Generator().manual_seed(3)
    inputs = (z.detach(), target.detach(), g)
    tangents = [torch.randn(x.shape, generator=generator, dtype=x.dtype) for x in inputs]
    with torch.autograd.forward_ad.dual_level():
        duals = [
            torch.autograd.forward_ad.make_dual(x.clone(), t) for x, t in zip(inputs, tangents, strict=True)
        ]
        tangent = torch.autograd.forward_ad.unpack_dual(FusedSoftFocal.apply(*duals)).tangent
    leaves = [x.clone().requires_grad_() for x in inputs]
    gradients = torch.autograd.grad(composed(*leaves).sum(), leaves)
    expected = sum((g * t).sum() for g, t in zip(gradients, tangents, strict=True))
    torch.testing.assert_close(tangent.sum(), expected, rtol=1e-11, atol=0)


def test_lower_precision_keeps_its_dtypes() -> None:
    z, target = batch(torch.bfloat16)
    loss = FusedSoftFocal.apply(z, target, 2.0)
    assert loss.dtype is torch.float32
    for gradient in torch.autograd.grad(loss.sum(), (z, target)):
        assert gradient.dtype is torch.bfloat16
    expected = composed(z.double(), target.double(), 2.0)
    torch.testing.assert_close(loss.double(), expected, rtol=1e-5, atol=1e-7)
