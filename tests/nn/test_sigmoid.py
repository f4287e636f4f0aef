"""One-against-rest focal loss; oracles: PyTorch's BCE, mpmath, two-class focal loss, finite differences."""

from __future__ import annotations

import mpmath as mp
import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck
from torch.nn.functional import binary_cross_entropy_with_logits

from focalbook.nn import SigmoidFocalLoss, SigmoidRecover, focal_cross_entropy, sigmoid_focal_cross_entropy
from tests.logit_rows import DTYPES

LOGITS = [-700.0, -90.0, -3.0, -1e-6, 0.0, 1e-6, 3.0, 40.0, 700.0]


def batch() -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    x = 3 * torch.randn(6, 4, generator=generator, dtype=torch.float64)
    return x, torch.rand(6, 4, generator=generator) < 0.3, torch.rand(6, 4, generator=generator).double()


@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
def test_gamma_zero_is_binary_cross_entropy(reduction: str) -> None:
    x, hard, soft = batch()
    for target in (hard, hard.long(), hard.double(), soft):
        expected = binary_cross_entropy_with_logits(x, target.double(), reduction=reduction)
        assert torch.equal(SigmoidFocalLoss(0.0, reduction=reduction)(x, target), expected)


@pytest.mark.parametrize("gamma", [0.25, 1.0, 2.0, 7.0])
@pytest.mark.parametrize("x", LOGITS)
def test_value_and_gradient_against_mpmath(x: float, gamma: float) -> None:
    with mp.workdps(400):

        def exact(t: mp.mpf) -> mp.mpf:
            return 0.25 * (1 / (1 + mp.exp(t))) ** gamma * mp.log1p(mp.exp(-t))

        value, slope = float(exact(mp.mpf(x))), float(mp.diff(exact, mp.mpf(x)))
    for target, logit, sign, factor in (
        (True, x, 1, 1),
        (False, -x, -1, 3),
        (1.0, x, 1, 1),
        (0.0, -x, -1, 3),
    ):
        z = torch.tensor(logit, dtype=torch.float64, requires_grad=True)
        t = torch.tensor(target) if isinstance(target, bool) else torch.tensor(target, dtype=torch.float64)
        loss = sigmoid_focal_cross_entropy(z, t, gamma, 0.25)
        (gradient,) = torch.autograd.grad(loss, z)
        assert loss.item() == pytest.approx(factor * value, rel=2e-13, abs=1e-300)
        assert gradient.item() == pytest.approx(sign * factor * slope, rel=1e-11, abs=1e-300)


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_is_the_two_class_loss_of_logits_x_and_zero(gamma: float) -> None:
    x, hard, soft = batch()
    rows = torch.stack([torch.zeros_like(x), x], dim=1)
    for target, two in ((hard, hard.long()), (soft, torch.stack([1 - soft, soft], dim=1))):
        found = sigmoid_focal_cross_entropy(x, target, gamma, reduction="none")
        expected = focal_cross_entropy(rows, two, gamma, reduction="none")
        torch.testing.assert_close(found, expected, rtol=1e-12, atol=0)


def test_derivatives_agree_with_finite_differences() -> None:
    x, hard, soft = batch()
    gamma = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    x.requires_grad_()
    for target in (hard, soft):
        for check in (gradcheck, gradgradcheck):
            assert check(lambda z, g, t=target: sigmoid_focal_cross_entropy(z, t, g, 0.3), (x, gamma))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("gamma", [0.0, 0.1, 0.5, 1.0, 2.0, 50.0])
def test_value_and_two_derivatives_are_finite_everywhere(dtype: torch.dtype, gamma: float) -> None:
    x = torch.tensor([-1e4, -120.0, -17.0, 0.0, 17.0, 120.0, 1e4], dtype=dtype)
    for target in (torch.ones(7, dtype=torch.bool), torch.zeros(7, dtype=torch.long), torch.full((7,), 0.5)):
        z = x.clone().requires_grad_()
        loss = sigmoid_focal_cross_entropy(z, target, gamma, 0.25, reduction="none")
        (first,) = torch.autograd.grad(loss.sum(), z, create_graph=True)
        (second,) = torch.autograd.grad(first.sum(), z)
        assert loss.dtype is dtype
        assert all(torch.isfinite(t).all() for t in (loss, first, second))


def test_minimum_is_undone_by_the_recovery() -> None:
    """Gradient zero at the logit whose recovered probability is the target's, alpha included."""
    share = torch.linspace(0.02, 0.98, 25, dtype=torch.float64)
    logits = torch.zeros(25, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [logits], max_iter=500, tolerance_grad=1e-13, tolerance_change=0, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = sigmoid_focal_cross_entropy(logits, share, 2.0, 0.25, reduction="sum")
        loss.backward()
        return loss

    optimiser.step(closure)  # type: ignore[arg-type]
    with torch.no_grad():
        torch.testing.assert_close(SigmoidRecover(2.0, 0.25)(logits), share, rtol=1e-6, atol=0)


def test_autocast_computes_in_single_precision() -> None:
    x = torch.randn(5, generator=torch.Generator().manual_seed(0)).bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert SigmoidFocalLoss(2.0, reduction="none")(x, x > 0).dtype is torch.float32


@pytest.mark.parametrize(
    ("logits", "target", "message"),
    [
        (torch.zeros(2, dtype=torch.long), torch.zeros(2), "logits must be floats"),
        (torch.zeros(2), torch.zeros(3), "shape of the logits"),
        (torch.zeros(2), torch.zeros(2, dtype=torch.complex64), "bool, integers"),
    ],
)
def test_bad_input_is_refused(logits: Tensor, target: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SigmoidFocalLoss(2.0)(logits, target)
    with pytest.raises(ValueError, match="alpha must lie"):
        SigmoidFocalLoss(2.0, alpha=1.0)


def test_representation_names_the_settings() -> None:
    assert repr(SigmoidFocalLoss(2.0, 0.25)) == "SigmoidFocalLoss(gamma=2, alpha=0.25, reduction='mean')"
