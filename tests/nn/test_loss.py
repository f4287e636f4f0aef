"""Focal loss on logits; oracles: torch's cross_entropy, mpmath, a naive formula, finite differences."""

from __future__ import annotations

import itertools

import mpmath as mp
import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.autograd import gradcheck, gradgradcheck
from torch.nn.functional import cross_entropy

from focalbook.nn import FocalLoss, focal_cross_entropy
from focalbook.theory.loss import focal_gain, focal_gain_derivative
from tests.logit_rows import DTYPES, Compile, extreme_rows

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


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("gamma", [0.0, 0.1, 0.5, 1.0, 2.0, 50.0])
def test_value_and_two_derivatives_are_finite_in_every_precision(dtype: torch.dtype, gamma: float) -> None:
    z = extreme_rows(dtype).requires_grad_()
    soft = torch.tensor([0.0, 0.75, 0.25], dtype=dtype).expand(z.shape)
    direction = torch.tensor([1.0, -2.0, 0.5], dtype=dtype)
    for target in (torch.zeros(len(z), dtype=torch.long), soft):
        loss = focal_cross_entropy(z, target, gamma, reduction="none")
        (plain,) = torch.autograd.grad(loss.sum(), z, retain_graph=True)
        (first,) = torch.autograd.grad(loss.sum(), z, create_graph=True)
        (second,) = torch.autograd.grad((first * direction).sum(), z)
        assert loss.dtype is dtype
        assert all(torch.isfinite(t).all() for t in (loss, plain, first, second))
        rounding = 8 * torch.finfo(dtype).eps
        torch.testing.assert_close(plain, first.detach(), rtol=8 * rounding, atol=rounding)


@pytest.mark.parametrize("kind", ["indices", "soft", "smoothed"])
def test_hessian_of_torch_func_is_the_one_of_the_theory(kind: str) -> None:
    """h(q_y)(diag q - qq') - q_y h'(q_y)(q-e_y)(q-e_y)', summed over the classes of the target."""
    logits, labels, soft = batch(1, classes=4)
    one_hot = torch.nn.functional.one_hot(labels, 4).double()
    targets = {"indices": labels, "soft": soft, "smoothed": labels}
    weights = {"indices": one_hot, "soft": soft, "smoothed": 0.9 * one_hot + 0.1 / 4}[kind][0]
    smoothing = 0.1 if kind == "smoothed" else 0.0
    found = torch.func.hessian(
        lambda z: focal_cross_entropy(z, targets[kind], 2.0, label_smoothing=smoothing)
    )(logits)[0, :, 0]
    q = logits.softmax(1)[0]
    expected = torch.zeros(4, 4, dtype=torch.float64)
    for y, share in enumerate(weights):
        gain, change = (float(f(float(q[y]), 2.0)) for f in (focal_gain, focal_gain_derivative))
        to_vertex = q - torch.eye(4, dtype=torch.float64)[y]
        expected += share * (gain * (q.diag() - q.outer(q)) - q[y] * change * to_vertex.outer(to_vertex))
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-14)


def test_transforms_of_torch_func_agree_with_eager() -> None:
    logits, labels, soft = batch(5)
    direction = torch.randn(logits.shape, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    for target in (labels, soft):

        def loss(z: Tensor, t: Tensor = target) -> Tensor:
            return focal_cross_entropy(z, t, 0.5)

        z = logits.clone().requires_grad_()
        (expected,) = torch.autograd.grad(loss(z), z)
        torch.testing.assert_close(torch.func.grad(loss)(logits), expected, rtol=1e-10, atol=1e-16)
        _, tangent = torch.func.jvp(loss, (logits,), (direction,))
        torch.testing.assert_close(tangent, (expected * direction).sum(), rtol=1e-10, atol=0)
        each = torch.func.vmap(torch.func.grad(lambda x, t: focal_cross_entropy(x, t, 0.5)))(logits, target)
        torch.testing.assert_close(each / len(logits), expected, rtol=1e-10, atol=1e-16)


def test_compiled_loss_agrees_with_eager(compiled: Compile) -> None:
    logits, labels, soft = batch(64, classes=7)
    labels[5] = -100
    loss = FocalLoss(0.5, torch.linspace(0.5, 2, 7), label_smoothing=0.0)
    run = compiled(loss)
    for target in (labels, soft):
        values = []
        for function in (loss, run):
            z = logits.float().requires_grad_()
            value = function(z, target if target is labels else target.float())
            values.append((value.detach(), torch.autograd.grad(value, z)[0]))
        torch.testing.assert_close(values[1], values[0], rtol=1e-5, atol=1e-8)


def test_autocast_computes_in_single_precision() -> None:
    logits, labels, _ = batch(8)
    half = logits.bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = FocalLoss(2.0)(half, labels)
    assert found.dtype is torch.float32
    torch.testing.assert_close(
        found.double(), focal_cross_entropy(half.double(), labels, 2.0), rtol=1e-6, atol=0
    )


def test_a_gamma_that_is_learned_gets_a_gradient() -> None:
    logits, labels, soft = batch(16)
    for target in (labels, soft):
        loss = FocalLoss(nn.Parameter(torch.tensor(1.0, dtype=torch.float64)))
        loss(logits, target).backward()
        gamma = loss.gamma
        assert isinstance(gamma, Tensor)
        assert gamma.grad is not None
        step = 1e-5
        rise = focal_cross_entropy(logits, target, 1 + step) - focal_cross_entropy(logits, target, 1 - step)
        assert gamma.grad.item() == pytest.approx(rise.item() / (2 * step), rel=1e-8)


@pytest.mark.parametrize("shape", [(6,), (6, 3)])
def test_gamma_of_each_row_against_a_loop(shape: tuple[int, ...]) -> None:
    logits, labels, soft = batch(*shape)
    gamma = torch.linspace(0, 3, labels.numel(), dtype=torch.float64).view(shape)
    rows = logits.movedim(1, -1).reshape(-1, 5)
    for target, flat in ((labels, labels.reshape(-1)), (soft, soft.movedim(1, -1).reshape(-1, 5))):
        found = focal_cross_entropy(logits, target, gamma, reduction="none")
        pairs = zip(rows, flat, gamma.reshape(-1).tolist(), strict=True)
        expected = torch.stack([focal_cross_entropy(z, t, g) for z, t, g in pairs])
        torch.testing.assert_close(found.reshape(-1), expected, rtol=1e-11, atol=1e-15)


def test_label_smoothing_is_a_mixture_of_targets() -> None:
    """Oracle: the naive formula on one-hot rows mixed with the uniform distribution by hand."""
    logits, labels, _ = batch(32)
    mixed = 0.8 * torch.nn.functional.one_hot(labels, 5).double() + 0.2 / 5
    found = focal_cross_entropy(logits, labels, 2.0, label_smoothing=0.2)
    torch.testing.assert_close(found, naive(logits, mixed, 2.0).mean(), rtol=1e-12, atol=0)
    labels[0] = -100
    found = focal_cross_entropy(logits, labels, 2.0, label_smoothing=0.2)
    torch.testing.assert_close(found, naive(logits, mixed, 2.0)[1:].mean(), rtol=1e-12, atol=0)


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
