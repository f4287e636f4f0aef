"""Losses of class indices, gradient by hand; oracles: mpmath, autograd through log-odds, naive loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from focalbook.nn._fused import FusedFocal, can_fuse
from focalbook.nn.log_odds import focal_from_log_odds, target_log_odds
from tests.logit_rows import exact_gradient, exact_loss

GAMMAS = [0.25, 0.5, 1.0, 2.0, 5.0]


def composed(z: Tensor, target: Tensor, gamma: float | Tensor) -> Tensor:
    """The same loss of plain operations, differentiated by PyTorch."""
    return focal_from_log_odds(target_log_odds(z, target, dim=1), gamma)


def batch(dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(5)
    z = 4 * torch.randn(9, 6, 2, generator=generator, dtype=torch.float64)
    return z.to(dtype).requires_grad_(), torch.randint(6, (9, 2), generator=generator)


@given(
    logits=st.lists(st.floats(-300, 300), min_size=2, max_size=6),
    gamma=st.sampled_from([0.1, *GAMMAS, 11.0]),
)
def test_value_and_gradient_against_mpmath(logits: list[float], gamma: float) -> None:
    z = torch.tensor([logits], dtype=torch.float64, requires_grad=True)
    loss = FusedFocal.apply(z, torch.tensor([0]), gamma, None, -100, "sum")
    (gradient,) = torch.autograd.grad(loss, z)
    target = [1.0] + [0.0] * (len(logits) - 1)
    scale = 1.0 + max(logits) - min(logits)  # a difference of logits is rounded in proportion to it
    np.testing.assert_allclose(
        loss.item(), float(exact_loss(logits, target, gamma)), rtol=4e-15 * scale * (1 + gamma), atol=1e-290
    )
    np.testing.assert_allclose(
        gradient[0].numpy(),
        exact_gradient(logits, target, gamma),
        rtol=4e-15 * scale * (1 + gamma),
        atol=1e-290,
    )


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
@pytest.mark.parametrize("weighted", [False, True])
def test_agrees_with_autograd(gamma: float, reduction: str, weighted: bool) -> None:
    z, target = batch()
    target[3, 1] = -100
    weight = torch.linspace(0.1, 2, 6, dtype=torch.float64) if weighted else None
    found = FusedFocal.apply(z, target, gamma, weight, -100, reduction)
    counts = torch.ones_like(target, dtype=torch.float64) if weight is None else weight[target.clamp_min(0)]
    counts = counts.masked_fill(target == -100, 0.0)
    rows = composed(z, target.clamp_min(0), gamma) * counts
    expected = {"none": rows, "sum": rows.sum(), "mean": rows.sum() / counts.sum()}[reduction]
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=0)
    upstream = torch.rand_like(found)
    (a,) = torch.autograd.grad(found, z, upstream)
    (b,) = torch.autograd.grad(expected, z, upstream)
    torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-16)


def test_gradient_can_be_asked_for_again() -> None:
    """The first backward pass writes over what was kept for it; a graph that is retained still works."""
    z, target = batch(torch.float32)
    loss = FusedFocal.apply(z, target, 2.0, None, -100, "mean")
    (first,) = torch.autograd.grad(loss, z, retain_graph=True)
    copy = first.clone()
    (second,) = torch.autograd.grad(3 * loss, z, retain_graph=True)
    (third,) = torch.autograd.grad(loss, z)
    torch.testing.assert_close(second, 3 * copy)
    torch.testing.assert_close(third, copy)
    assert torch.equal(first, copy)


def test_gradients_accumulate() -> None:
    z, target = batch()
    for _ in range(2):
        FusedFocal.apply(z, target, 2.0, None, -100, "sum").backward()
    (expected,) = torch.autograd.grad(composed(z, target, 2.0).sum(), z)
    torch.testing.assert_close(z.grad, 2 * expected, rtol=1e-10, atol=1e-16)


def test_gamma_of_each_row_has_the_gradient_of_autograd() -> None:
    z, target = batch()
    gamma = torch.linspace(0.1, 4, 18, dtype=torch.float64).view(9, 2).requires_grad_()
    found = FusedFocal.apply(z, target, gamma, None, -100, "sum")
    expected = composed(z, target, gamma).sum()
    for a, b in zip(
        torch.autograd.grad(found, (z, gamma)), torch.autograd.grad(expected, (z, gamma)), strict=True
    ):
        torch.testing.assert_close(a, b, rtol=1e-11, atol=1e-16)


def test_second_derivative_is_that_of_the_composition() -> None:
    z, target = batch()
    direction = torch.randn(z.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    products = []
    for loss in (FusedFocal.apply(z, target, 1.7, None, -100, "mean"), composed(z, target, 1.7).mean()):
        (gradient,) = torch.autograd.grad(loss, z, create_graph=True)
        products.append(torch.autograd.grad((gradient * direction).sum(), z)[0])
    torch.testing.assert_close(products[0], products[1], rtol=1e-9, atol=1e-15)


def test_forward_mode_agrees_with_reverse_mode() -> None:
    z, target = batch()
    direction = torch.randn(z.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(z.detach(), direction)
        out = FusedFocal.apply(dual, target, 0.5, None, -100, "mean")
        tangent = torch.autograd.forward_ad.unpack_dual(out).tangent
    (gradient,) = torch.autograd.grad(FusedFocal.apply(z, target, 0.5, None, -100, "mean"), z)
    torch.testing.assert_close(tangent, (gradient * direction).sum(), rtol=1e-11, atol=0)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_lower_precision_loses_only_the_rounding_of_the_result(dtype: torch.dtype) -> None:
    z, target = batch(dtype)
    loss = FusedFocal.apply(z, target, 0.5, None, -100, "none")
    (gradient,) = torch.autograd.grad(loss.sum(), z)
    wide = z.detach().double().requires_grad_()
    exact = composed(wide, target, 0.5)
    (expected,) = torch.autograd.grad(exact.sum(), wide)
    assert loss.dtype is torch.float32
    assert gradient.dtype is dtype
    torch.testing.assert_close(loss.double(), exact, rtol=1e-5, atol=0)
    tiny = torch.finfo(dtype).smallest_normal
    torch.testing.assert_close(gradient.double(), expected, rtol=16 * torch.finfo(dtype).eps, atol=tiny)


def test_gradient_is_zero_where_no_row_counts_as_in_pytorch() -> None:
    z = torch.randn(2, 3, requires_grad=True)
    target = torch.full((2,), -100)
    for loss in (
        FusedFocal.apply(z, target, 2.0, None, -100, "mean"),
        torch.nn.functional.cross_entropy(z, target),
    ):
        assert loss.isnan()
        (gradient,) = torch.autograd.grad(loss, z)
        assert gradient.abs().max() == 0


def test_transforms_and_subclasses_are_left_to_plain_operations() -> None:
    class Special(Tensor):
        pass

    assert can_fuse(torch.zeros(2), 1.0, None)
    assert can_fuse(torch.nn.Parameter(torch.zeros(2)))
    assert not can_fuse(torch.zeros(2).as_subclass(Special))
    seen = []
    torch.func.vmap(lambda x: (seen.append(can_fuse(x)), x)[1])(torch.zeros(3, 2))
    assert seen == [False]
