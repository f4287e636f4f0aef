"""Focal loss on logits; oracles: torch's cross_entropy, mpmath, a naive formula, finite differences."""

from __future__ import annotations

import itertools

import mpmath as mp
import numpy as np
import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck
from torch.nn.functional import cross_entropy

from focalbook.nn import FocalLoss, focal_cross_entropy

GAMMAS = [0.0, 0.25, 0.5, 1.0, 2.0, 5.0]


def batch(*shape: int, classes: int = 5, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(shape[0], classes, *shape[1:], generator=generator, dtype=torch.float64)
    labels = torch.randint(classes, shape, generator=generator)
    soft = torch.randn(logits.shape, generator=generator, dtype=torch.float64).softmax(1)
    return logits, labels, soft


def naive(logits: Tensor, target: Tensor, gamma: float) -> Tensor:
    """The textbook formula on soft targets, class axis 1: accurate for moderate logits in float64."""
    q = logits.softmax(1)
    return (target * (1 - q) ** gamma * -q.log()).sum(1)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_textbook_formula_on_moderate_logits(gamma: float) -> None:
    logits, labels, soft = batch(64)
    hard = torch.nn.functional.one_hot(labels, 5).double()
    for target, expected in ((labels, naive(logits, hard, gamma)), (soft, naive(logits, soft, gamma))):
        found = FocalLoss(gamma, reduction="none")(logits, target)
        torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("shape", [(), (7,), (7, 3), (4, 3, 2)])
def test_equals_cross_entropy_at_gamma_zero(
    reduction: str, smoothing: float, weighted: bool, shape: tuple[int, ...]
) -> None:
    if shape:
        logits, labels, soft = batch(*shape)
        labels.view(-1)[0] = -100
    else:
        logits, labels, soft = (x[0] for x in batch(1))
    weight = torch.tensor([0.2, 1.0, 2.0, 0.0, 1.3], dtype=torch.float64) if weighted else None
    loss = FocalLoss(0.0, weight, reduction, label_smoothing=smoothing)
    for target in (labels, soft):
        expected = cross_entropy(logits, target, weight, reduction=reduction, label_smoothing=smoothing)
        torch.testing.assert_close(loss(logits, target), expected, rtol=1e-13, atol=1e-15)


def test_float32_at_gamma_zero_is_cross_entropy_to_the_last_bits() -> None:
    logits, labels, _ = batch(512, classes=10)
    logits = logits.float() + 1e3  # a common offset costs no digits
    found = focal_cross_entropy(logits, labels, 0.0, reduction="none")
    expected = cross_entropy(logits.double(), labels, reduction="none")
    assert (found.double() - expected).abs().max() < 3e-7 * expected.abs().max()


def test_ignored_rows_have_no_gradient_and_do_not_count() -> None:
    logits, labels, _ = batch(6)
    labels[2] = labels[4] = 9
    kept = torch.tensor([0, 1, 3, 5])
    logits.requires_grad_()
    loss = FocalLoss(2.0, ignore_index=9)(logits, labels)
    loss.backward()
    assert logits.grad is not None
    assert logits.grad[[2, 4]].abs().max() == 0
    torch.testing.assert_close(loss, FocalLoss(2.0)(logits[kept], labels[kept]))


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 3.0])
def test_first_and_second_derivatives_agree_with_finite_differences(gamma: float) -> None:
    logits, labels, soft = batch(3, classes=4)
    logits.requires_grad_()
    soft = soft[:, :4] / soft[:, :4].sum(1, keepdim=True)
    for target in (labels % 4, soft):
        assert gradcheck(lambda z, t=target: focal_cross_entropy(z, t, gamma), (logits,))
        assert gradgradcheck(lambda z, t=target: focal_cross_entropy(z, t, gamma), (logits,))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_finite_for_every_finite_logit(dtype: torch.dtype) -> None:
    """Value, gradient and Hessian-vector product over an adversarial grid of logits and gammas."""
    values = [-1e4, -800.0, -90.0, -17.0, -1.0, 0.0, 1.0, 17.0, 50.0, 90.0, 800.0, 1e4]
    logits = torch.tensor(list(itertools.product(values, repeat=3)), dtype=dtype)
    labels = torch.zeros(len(logits), dtype=torch.long)
    soft = torch.tensor([0.7, 0.3, 0.0], dtype=dtype).expand_as(logits)
    for gamma, target in itertools.product([0.0, 1e-3, 0.5, 0.999, 1.0, 2.0, 50.0], (labels, soft)):
        z = logits.clone().requires_grad_()
        loss = focal_cross_entropy(z, target, gamma, reduction="none")
        (gradient,) = torch.autograd.grad(loss.sum(), z, create_graph=True)
        (product,) = torch.autograd.grad((gradient * torch.tensor([1.0, -2.0, 0.5], dtype=dtype)).sum(), z)
        for tensor in (loss, gradient, product):
            assert torch.isfinite(tensor).all()


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("gap", [-200.0, -20.0, 5.0, 40.0, 300.0])
def test_extreme_logits_against_mpmath(gap: float, gamma: float) -> None:
    """Loss and gradient of a two-class row, where the textbook formula has lost all digits."""
    z = torch.tensor([[gap, 0.0]], dtype=torch.float64, requires_grad=True)
    loss = focal_cross_entropy(z, torch.tensor([0]), gamma)
    (gradient,) = torch.autograd.grad(loss, z)
    with mp.workdps(200):

        def exact(d: mp.mpf) -> mp.mpf:
            return (1 / (1 + mp.exp(d))) ** gamma * mp.log1p(mp.exp(-d))

        assert loss.item() == pytest.approx(float(exact(mp.mpf(gap))), rel=1e-12)
        assert gradient[0, 0].item() == pytest.approx(float(mp.diff(exact, gap)), rel=1e-9)


def test_weight_scales_the_loss_of_its_class() -> None:
    logits, labels, _ = batch(20)
    weight = torch.tensor([0.5, 1.0, 2.0, 3.0, 0.1], dtype=torch.float64)
    plain = FocalLoss(1.5, reduction="none")(logits, labels)
    weighted = FocalLoss(1.5, weight, reduction="none")(logits, labels)
    torch.testing.assert_close(weighted, plain * weight[labels])
    mean = FocalLoss(1.5, weight)(logits, labels)
    torch.testing.assert_close(mean, (plain * weight[labels]).sum() / weight[labels].sum())


def test_one_gamma_for_each_network_of_a_stack() -> None:
    logits, labels, _ = batch(6)
    gammas = torch.tensor([0.0, 0.5, 2.0], dtype=torch.float64)
    stacked = torch.func.vmap(lambda g: focal_cross_entropy(logits, labels, g))(gammas)
    expected = torch.stack([focal_cross_entropy(logits, labels, g) for g in gammas.tolist()])
    torch.testing.assert_close(stacked, expected)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"gamma": -1.0}, "gamma must be finite and at least 0"),
        ({"gamma": np.nan}, "gamma must be finite"),
        ({"gamma": "two"}, "gamma must be a number"),
        ({"gamma": 1.0, "reduction": "max"}, "reduction must be one of"),
        ({"gamma": 1.0, "label_smoothing": 1.5}, "label_smoothing must be in"),
        ({"gamma": 1.0, "weight": torch.tensor([1.0, -1.0])}, "weight must be finite and at least 0"),
        ({"gamma": 1.0, "weight": torch.tensor([[1.0]])}, "1-d float tensor"),
    ],
)
def test_bad_settings_are_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FocalLoss(**arguments)


@pytest.mark.parametrize(
    ("logits", "target", "message"),
    [
        (torch.zeros(3, 4, dtype=torch.long), torch.zeros(3, dtype=torch.long), "logits must be floats"),
        (torch.zeros(3, 4), torch.zeros(3), "soft targets must have the shape"),
        (torch.zeros(3, 4), torch.zeros(4, dtype=torch.long), "class indices must have shape"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(logits: Tensor, target: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FocalLoss(1.0)(logits, target)


def test_weight_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="one entry for each of the 4 classes"):
        FocalLoss(1.0, torch.ones(3))(torch.zeros(2, 4), torch.zeros(2, dtype=torch.long))


def test_class_index_out_of_range_is_refused() -> None:
    with pytest.raises(IndexError, match=r"not in 0 \.\. 3"):
        FocalLoss(1.0)(torch.zeros(2, 4), torch.tensor([0, 4]))


def test_representation_and_state_carry_the_settings() -> None:
    loss = FocalLoss(2.0, torch.ones(3))
    assert "gamma=2" in repr(loss)
    assert set(loss.state_dict()) == {"weight"}
