"""Norms by elementary operations; oracles: PyTorch's layers, and differences of second derivatives."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from focalbook.training.norms import differentiable_norms

CASES = {
    "batch, 1d": (nn.BatchNorm1d(3), (5, 3)),
    "batch, 2d": (nn.BatchNorm2d(3, momentum=None), (4, 3, 2, 2)),
    "batch, no gain": (nn.BatchNorm2d(3, affine=False, momentum=0.3), (4, 3, 2, 2)),
    "batch, no statistics": (nn.BatchNorm1d(3, track_running_stats=False), (5, 3)),
    "layer": (nn.LayerNorm(3), (5, 3)),
    "layer, two axes": (nn.LayerNorm((3, 2), bias=False), (5, 3, 2)),
    "layer, no gain": (nn.LayerNorm(3, elementwise_affine=False), (5, 3)),
}


def made(name: str) -> tuple[nn.Module, Tensor]:
    module, shape = CASES[name]
    generator = torch.Generator().manual_seed(4)
    model = nn.Sequential(copy.deepcopy(module).double())
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn(p.shape, generator=generator, dtype=p.dtype))
    return model, torch.randn(shape, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", CASES)
def test_values_and_running_statistics_are_those_of_the_layers(name: str, training: bool) -> None:
    model, x = made(name)
    model(3 * x + 1)
    other = copy.deepcopy(model)
    model.train(training)
    other.train(training)
    with differentiable_norms(model):
        for _ in range(2):
            torch.testing.assert_close(model(x), other(x))
    for key, value in model.state_dict().items():
        torch.testing.assert_close(value, other.state_dict()[key])
    assert "forward" not in vars(model[0])


def product(model: nn.Module, x: Tensor, v: Tensor) -> Tensor:
    """v'Hv of a function of the layer's output, with a graph."""
    weight = torch.linspace(-1, 1, x.numel(), dtype=x.dtype).view(x.shape)
    g = torch.autograd.grad((model(x) * weight).tanh().sum(), x, create_graph=True)[0]
    return (torch.autograd.grad(g, x, v, create_graph=True)[0] * v).sum()


@pytest.mark.parametrize("name", CASES)
def test_third_derivatives_are_differences_of_second_ones(name: str) -> None:
    model, x = made(name)
    generator = torch.Generator().manual_seed(1)
    v, u = (torch.randn(x.shape, generator=generator, dtype=x.dtype) for _ in range(2))
    step = 1e-5
    ends = [product(model, (x + s * step * u).requires_grad_(), v).detach() for s in (1, -1)]
    expected = (ends[0] - ends[1]) / (2 * step)
    found, plain = (x.clone().requires_grad_() for _ in range(2))
    with differentiable_norms(model):
        third = torch.autograd.grad(product(model, found, v), found)[0]
    torch.testing.assert_close((third * u).sum(), expected, rtol=1e-6, atol=1e-6)
    left_alone = torch.autograd.grad(product(model, plain, v), plain)[0]
    if abs(float((left_alone * u).sum() - expected)) < 1e-4 * abs(float(expected)):
        pytest.fail("PyTorch's own third derivative is right now: these layers may go.")


def test_instance_normalisation_is_refused_and_nothing_is_left_changed() -> None:
    model = nn.Sequential(nn.BatchNorm1d(3), nn.InstanceNorm1d(3))
    with pytest.raises(ValueError, match=r"layer '1', a InstanceNorm1d"), differentiable_norms(model):
        pass
    assert "forward" not in vars(model[0])
