"""Dual focal loss; oracles: the formula of the paper in a loop, mpmath, finite differences."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
import torch
from torch import Tensor, nn
from torch.autograd import gradcheck, gradgradcheck
from torch.nn.functional import cross_entropy

from focalbook.nn import DualFocalLoss, dual_focal_cross_entropy
from tests.logit_rows import DTYPES, extreme_rows


def batch() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(3)
    z = 2 * torch.randn(40, 5, generator=generator, dtype=torch.float64)
    return z, torch.randint(5, (40,), generator=generator)


def naive(logits: Tensor, target: Tensor, gamma: float) -> list[float]:
    """-(1 - q_y + q_j)^gamma log q_y, j the runner-up below y, row by row."""
    out = []
    for z, y in zip(logits.tolist(), target.tolist(), strict=True):
        e = [math.exp(x) for x in z]
        q = [x / sum(e) for x in e]
        runner_up = max((x for x in q if x < q[y]), default=0.0)
        out.append(-((1 - q[y] + runner_up) ** gamma) * math.log(q[y]))
    return out


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 3.0])
def test_formula_of_the_paper(gamma: float) -> None:
    z, target = batch()
    found = DualFocalLoss(gamma, reduction="none")(z, target)
    expected = torch.tensor(naive(z, target, gamma), dtype=torch.float64)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=0)


def test_gamma_zero_is_cross_entropy() -> None:
    z, target = batch()
    target[4] = -100
    weight = torch.linspace(0.5, 2, 5, dtype=torch.float64)
    for reduction in ("none", "sum", "mean"):
        found = dual_focal_cross_entropy(z, target, 0.0, weight, reduction=reduction)
        torch.testing.assert_close(found, cross_entropy(z, target, weight, reduction=reduction))


@pytest.mark.parametrize("logits", [[60.0, 0.0, -3.0], [-40.0, 5.0, -60.0], [300.0, 299.0, 0.0]])
def test_saturated_logits_against_mpmath(logits: list[float]) -> None:
    with mp.workdps(200):
        e = [mp.exp(mp.mpf(z)) for z in logits]
        q = [x / mp.fsum(e) for x in e]
        runner_up = max([x for x in q[1:] if x < q[0]], default=mp.mpf(0))
        exact = -((mp.fsum(q[1:]) + runner_up) ** 0.5) * mp.log(q[0])
    found = dual_focal_cross_entropy(torch.tensor(logits, dtype=torch.float64), torch.tensor(0), 0.5)
    assert found.item() == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_derivatives_agree_with_finite_differences(gamma: float) -> None:
    z, target = batch()
    z = z[:6].clone().requires_grad_()
    for check in (gradcheck, gradgradcheck):
        assert check(lambda x: dual_focal_cross_entropy(x, target[:6], gamma), (z,))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("gamma", [0.1, 0.5, 1.0, 5.0])
def test_value_and_two_derivatives_are_finite_everywhere(dtype: torch.dtype, gamma: float) -> None:
    z = extreme_rows(dtype).requires_grad_()
    loss = dual_focal_cross_entropy(z, torch.zeros(len(z), dtype=torch.long), gamma, reduction="none")
    (first,) = torch.autograd.grad(loss.sum(), z, create_graph=True)
    (second,) = torch.autograd.grad((first * torch.tensor([1.0, -2.0, 0.5], dtype=dtype)).sum(), z)
    assert loss.dtype is dtype
    assert all(torch.isfinite(t).all() for t in (loss, first, second))


def test_a_gamma_that_is_learned_gets_a_gradient() -> None:
    z, target = batch()
    loss = DualFocalLoss(nn.Parameter(torch.tensor(1.0, dtype=torch.float64)))
    loss(z, target).backward()
    gamma = loss.gamma
    assert isinstance(gamma, Tensor)
    assert gamma.grad is not None
    step = 1e-6
    rise = dual_focal_cross_entropy(z, target, 1 + step) - dual_focal_cross_entropy(z, target, 1 - step)
    assert gamma.grad.item() == pytest.approx(rise.item() / (2 * step), rel=1e-7)


def test_soft_targets_are_refused() -> None:
    with pytest.raises(ValueError, match="class indices"):
        DualFocalLoss(1.0)(torch.zeros(2, 3), torch.zeros(2, 3))
    assert repr(DualFocalLoss(2.0)) == "DualFocalLoss(gamma=2, reduction='mean')"
