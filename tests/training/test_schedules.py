"""Learning rates; oracles: piecewise linear interpolation, and PyTorch's own schedulers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR

from focalbook.training.schedules import SCHEDULES, learning_rates


@pytest.mark.parametrize("warmup", [0.0, 0.25, 0.5])
def test_one_cycle_is_piecewise_linear(warmup: float) -> None:
    rates = learning_rates("one-cycle", 100, 0.3, warmup)
    knots = [-1.0, 100 * warmup, 100.0] if warmup else [0.0, 0.0, 100.0]
    np.testing.assert_allclose(rates, np.interp(np.arange(100), knots, [0.0, 0.3, 0.0]), atol=1e-15)


def test_cosine_without_warmup_is_that_of_pytorch() -> None:
    optimiser = SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    scheduler = CosineAnnealingLR(optimiser, 40)
    expected = []
    for _ in range(40):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    np.testing.assert_allclose(learning_rates("cosine", 40, 0.3, 0.0), expected, rtol=1e-12)


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("steps", [1, 2, 7, 100])
def test_rates_are_positive_and_reach_at_most_the_peak(name: str, steps: int) -> None:
    for warmup in (0.0, 0.3, 0.99):
        rates = learning_rates(name, steps, 0.3, warmup)
        assert len(rates) == steps
        assert 0 < min(rates) <= max(rates) <= 0.3 * (1 + 1e-12)


def test_constant_is_constant() -> None:
    assert learning_rates("constant", 5, 0.3, 0.5) == [0.3] * 5
