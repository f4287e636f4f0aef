"""Optimisers and the mean of the weights; oracles: the update rules written out, and a running sum."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from focalbook.training.optimisers import WeightMean, build_optimiser, parameter_groups
from focalbook.training.run_config import RunConfig
from tests.training.networks import TinyConv


def steps_of(config: RunConfig, gradients: list[torch.Tensor]) -> torch.Tensor:
    model = nn.Linear(2, 2, bias=False)
    nn.init.ones_(model.weight)
    optimiser = build_optimiser(config, model)
    for gradient in gradients:
        model.weight.grad = gradient.clone()
        optimiser.step()
    return model.weight.detach()


@pytest.mark.parametrize("nesterov", [False, True])
def test_sgd_is_the_rule(nesterov: bool) -> None:
    gradients = list(torch.randn(4, 2, 2, generator=torch.Generator().manual_seed(0)))
    config = RunConfig(learning_rate=0.1, momentum=0.7, nesterov=nesterov, weight_decay=0.2)
    w, velocity = torch.ones(2, 2), torch.zeros(2, 2)
    for g in gradients:
        g = g + 0.2 * w
        velocity = 0.7 * velocity + g
        w = w - 0.1 * (g + 0.7 * velocity if nesterov else velocity)
    torch.testing.assert_close(steps_of(config, gradients), w)


def test_adamw_is_the_rule() -> None:
    gradients = list(torch.randn(4, 2, 2, generator=torch.Generator().manual_seed(0)))
    config = RunConfig(optimiser="adamw", learning_rate=0.1, momentum=0.8, beta2=0.9, weight_decay=0.2)
    w, m, v = torch.ones(2, 2), torch.zeros(2, 2), torch.zeros(2, 2)
    for t, g in enumerate(gradients, start=1):
        w = w * (1 - 0.1 * 0.2)
        m, v = 0.8 * m + 0.2 * g, 0.9 * v + 0.1 * g**2
        w = w - 0.1 * (m / (1 - 0.8**t)) / ((v / (1 - 0.9**t)).sqrt() + 1e-8)
    torch.testing.assert_close(steps_of(config, gradients), w)


def test_vectors_decay_only_where_asked_for() -> None:
    model = TinyConv((1, 4, 4), 3)
    matrices, vectors = parameter_groups(model, 0.1, False)
    assert {id(p) for p in matrices["params"]} == {id(model.conv.weight), id(model.head.weight)}
    assert (matrices["weight_decay"], vectors["weight_decay"]) == (0.1, 0.0)
    assert len(vectors["params"]) == 3
    (everything,) = parameter_groups(model, 0.1, True)
    assert len(everything["params"]) == 5
    model.conv.weight.requires_grad_(False)
    assert sum(len(group["params"]) for group in parameter_groups(model, 0.1, False)) == 4


def test_weight_mean_is_the_recursion() -> None:
    model = TinyConv((1, 4, 4), 3)
    mean = WeightMean(model, 0.6)
    expected = {name: value.clone() for name, value in model.state_dict().items()}
    for t in range(1, 6):
        model(torch.rand(4, 1, 4, 4))
        with torch.no_grad():
            for p in model.parameters():
                p.add_(torch.randn_like(p))
        mean.update()
        decay = min(0.6, (1 + t) / (10 + t))
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                expected[name] = decay * expected[name] + (1 - decay) * value
    mean.apply()
    expected["norm.num_batches_tracked"] = torch.tensor(5)
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, expected[name])
