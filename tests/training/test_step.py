"""Single steps; oracles: the update rule of plain gradient descent with gradients composed by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from focalbook.nn import FocalLoss
from focalbook.training.norms import differentiable_norms
from focalbook.training.regularisers import gauss_newton_trace, hessian_trace
from focalbook.training.run_config import RunConfig
from focalbook.training.sam import sharpness_aware_gradient
from focalbook.training.step import Stepper
from tests.training.networks import TinyConv

#: Plain gradient descent, so that a step shows the gradient.
PLAIN: dict[str, Any] = {"momentum": 0.0, "weight_decay": 0.0, "learning_rate": 0.5}
X = torch.randn(8, 1, 4, 4, generator=torch.Generator().manual_seed(0))
Y = torch.arange(8) % 3


def network() -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return TinyConv((1, 4, 4), 3).train()


def stepper(model: nn.Module, rates: tuple[float, ...] = (0.5, 0.5, 0.5), **changes: Any) -> Stepper:
    config = RunConfig(**(PLAIN | changes))
    return Stepper(config, model, FocalLoss(1.0), rates, model, torch.Generator().manual_seed(7))


def moved(before: nn.Module, after: nn.Module, rate: float = 0.5) -> Tensor:
    """The gradient that a step of gradient descent used."""
    pairs = zip(before.parameters(), after.parameters(), strict=True)
    return torch.cat([((a - b) / rate).detach().flatten() for a, b in pairs])


def flat(tensors: tuple[Tensor, ...] | list[Tensor]) -> Tensor:
    return torch.cat([t.flatten() for t in tensors])


def test_plain_step_and_its_rate() -> None:
    model, start = network(), network()
    loss, trace = stepper(model, rates=(0.1, 0.2, 0.3))(1, X, Y)
    expected = FocalLoss(1.0)(start(X), Y)
    gradient = flat(torch.autograd.grad(expected, list(start.parameters())))
    torch.testing.assert_close(moved(start, model, 0.2), gradient, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(loss, expected.detach())
    assert trace is None


@pytest.mark.parametrize("kind", ["hessian-trace", "gauss-newton-trace"])
def test_penalty_is_as_strong_as_its_steps_are_rare(kind: str) -> None:
    model, start = network(), network()
    step = stepper(
        model, regulariser=kind, regulariser_coefficient=0.1, regulariser_probes=2, regulariser_every=3
    )
    loss, trace = step(0, X, Y)
    parameters, generator = list(start.parameters()), torch.Generator().manual_seed(7)
    with differentiable_norms(start):
        logits = start(X)
        plain = FocalLoss(1.0)(logits, Y)
        if kind == "hessian-trace":
            expected = hessian_trace(plain, parameters, generator, 2)
        else:
            expected = gauss_newton_trace(plain, logits, parameters, generator, 2)
    gradient = flat(torch.autograd.grad(plain + 0.1 * 3 * expected, parameters, materialize_grads=True))
    torch.testing.assert_close(moved(start, model), gradient, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(trace, expected.detach())
    torch.testing.assert_close(loss, plain.detach())
    for buffer, other in zip(model.buffers(), start.buffers(), strict=True):
        torch.testing.assert_close(buffer, other)  # running statistics took in the batch once
    assert step(1, X, Y)[1] is None


def test_sharpness_aware_step() -> None:
    model, start = network(), network()
    stepper(model, sam_rho=0.2)(0, X, Y)
    other = copy.deepcopy(start)
    sharpness_aware_gradient(other, list(other.parameters()), lambda: FocalLoss(1.0)(other(X), Y), 0.2)
    gradient = flat([p.grad for p in other.parameters() if p.grad is not None])
    torch.testing.assert_close(moved(start, model), gradient, rtol=1e-4, atol=1e-6)


def test_clipping_bounds_the_norm() -> None:
    model, start = network(), network()
    stepper(model, clip_norm=1e-2)(0, X, Y)
    assert float(moved(start, model).norm()) == pytest.approx(1e-2, rel=1e-3)
    gradient = flat(torch.autograd.grad(FocalLoss(1.0)(start(X), Y), list(start.parameters())))
    cosine = torch.nn.functional.cosine_similarity(moved(network(), model), gradient, dim=0)
    assert float(cosine) == pytest.approx(1.0, abs=1e-3)


def test_running_mean_is_put_in_at_the_end_alone() -> None:
    plain, model = network(), network()
    one, two = stepper(plain), stepper(model, ema=0.5)
    for step in range(3):
        one(step, X, Y)
        two(step, X, Y)
    assert torch.equal(flat(list(plain.parameters())), flat(list(model.parameters())))
    one.finish()
    two.finish()
    assert not torch.equal(flat(list(plain.parameters())), flat(list(model.parameters())))


def test_bf16_is_for_steps_without_a_penalty() -> None:
    """Autocast shows in the rounding of the loss."""
    exact = FocalLoss(1.0)(network()(X), Y).detach()
    settings = {"regulariser": "hessian-trace", "regulariser_coefficient": 1e-3}
    rounded, _ = stepper(network(), precision="bf16")(0, X, Y)
    kept, _ = stepper(network(), precision="bf16", **settings)(0, X, Y)
    assert abs(float(rounded - exact)) > 1e-5 * float(exact)
    torch.testing.assert_close(kept, exact)
