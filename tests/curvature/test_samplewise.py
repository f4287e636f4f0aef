"""Squared gradients of single samples. Oracle: one backward pass for each sample."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from focalbook.curvature.samplewise import record
from tests.curvature.networks import network, samples

KNOWN = ["mlp", "smooth mlp", "cnn", "residual", "depthwise"]


def naive(model: nn.Module, x: Tensor, u: Tensor) -> Tensor:
    weights = [p for p in model.parameters() if p.requires_grad]
    norms = []
    for one, cotangent in zip(x, u, strict=True):
        parts = torch.autograd.grad(model(one[None])[0] @ cotangent, weights)
        norms.append(sum(part.square().sum() for part in parts))
    return torch.stack(norms)


def cotangents(n: int, classes: int = 3) -> Tensor:
    return torch.randn(n, classes, dtype=torch.float64, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("kind", [*KNOWN, "frozen"])
def test_norms_are_those_of_single_backward_passes(kind: str) -> None:
    model, (x, _) = network("cnn" if kind == "frozen" else kind), samples(4)
    if kind == "frozen":
        model[0].bias.requires_grad_(False)
        model[1].weight.requires_grad_(False)
    found = record(model, x, [p for p in model.parameters() if p.requires_grad])
    assert found is not None
    for _ in range(2):
        torch.testing.assert_close(found.squared_norms(cotangents(4)), naive(model, x, cotangents(4)))


def test_layers_on_sequences() -> None:
    torch.manual_seed(0)
    layers = [
        nn.LayerNorm(6),
        nn.Linear(6, 5),
        nn.GELU(),
        nn.LayerNorm((6, 5)),
        nn.Flatten(),
        nn.Linear(30, 3),
    ]
    model, x = nn.Sequential(*layers).double(), samples(4)[0][:, 0]
    found = record(model, x, list(model.parameters()))
    assert found is not None
    torch.testing.assert_close(found.squared_norms(cotangents(4)), naive(model, x, cotangents(4)))


class Tied(nn.Module):
    """One linear layer, used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Logits or features."""
        return self.layer(self.layer(x).relu())


class Scaled(nn.Module):
    """A parameter outside of layers."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.scale = nn.Linear(3, 3), nn.Parameter(torch.ones(3))

    def forward(self, x: Tensor) -> Tensor:
        """Logits or features."""
        return self.layer(x) * self.scale


@pytest.mark.parametrize("model", [Tied(), Scaled(), nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))])
def test_what_is_not_understood_is_not_guessed(model: nn.Module) -> None:
    """Weights used twice, parameters outside of layers, batch normalisation in training mode."""
    assert record(model, torch.ones(2, 3), list(model.parameters())) is None


def test_a_transformer_has_parameters_outside_of_layers() -> None:
    model = network("transformer")
    assert record(model, samples(2)[0], list(model.parameters())) is None
