"""Rewritten forward passes. Oracle: the network as it is, differentiated twice by PyTorch."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from focalbook.curvature.rewrite import Rewrite
from tests.curvature.networks import KINDS, network, samples


def second(model: nn.Module, x: Tensor, rewrite: bool) -> list[Tensor]:
    """Logits, a gradient and its derivative along a vector."""
    weights = list(model.parameters())
    if rewrite:
        with Rewrite():
            z = model(x)
    else:
        z = model(x)
    first = torch.autograd.grad(z.square().sum() + z[:, 0].exp().sum(), weights, create_graph=True)
    vector = [torch.ones_like(w).cumsum(0) for w in weights]
    return [z, *first, *torch.autograd.grad(first, weights, vector, retain_graph=True)]


@pytest.mark.parametrize("kind", ["cnn", "residual", "depthwise", "mlp"])
def test_values_and_both_derivatives_are_those_of_the_network(kind: str) -> None:
    model, (x, _) = network(kind), samples()
    for ours, theirs in zip(second(model, x, True), second(model, x, False), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Conv1d(2, 4, 3, padding=1, groups=2), nn.BatchNorm1d(4), nn.Flatten(), nn.Linear(20, 3)],
        [nn.Conv1d(2, 4, 3, padding="valid", dilation=2, bias=False), nn.Flatten(), nn.Linear(4, 3)],
        [
            nn.BatchNorm1d(2, affine=False),
            nn.Conv1d(2, 3, 3, padding="same"),
            nn.BatchNorm1d(3),
            nn.Flatten(),
        ],
        [nn.Conv1d(2, 4, 3), nn.ReLU(inplace=True), nn.BatchNorm1d(4), nn.Flatten(), nn.Linear(12, 3)],
    ],
)
def test_options_of_convolutions(layers: list[nn.Module]) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(*layers).double().eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.running_var.uniform_(0.5, 2.0)
            module.running_mean.normal_()
    x = torch.randn(3, 2, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    for ours, theirs in zip(second(model, x, True), second(model, x, False), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-11)


def test_an_output_changed_in_place_is_not_folded() -> None:
    """The batch normalisation then follows something else than the convolution."""
    conv, norm = nn.Conv2d(1, 2, 3).double(), nn.BatchNorm2d(2).double().eval()
    x = samples()[0]
    with Rewrite(), torch.no_grad():
        y = norm(conv(x).mul_(3.0))
    with torch.no_grad():
        torch.testing.assert_close(y, norm(3.0 * conv(x)))


def test_training_mode_is_left_alone() -> None:
    norm = nn.BatchNorm2d(2).double()
    x = samples()[0].repeat(1, 2, 1, 1)
    with Rewrite():
        y = norm(x)
    assert y.mean().abs() < 1e-10
    assert not torch.equal(norm.running_mean, torch.zeros(2, dtype=torch.float64))


def test_every_kind_is_covered() -> None:
    assert {"cnn", "residual", "depthwise", "mlp"} < set(KINDS)
