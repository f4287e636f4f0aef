"""Log-odds of softmax probabilities; oracle: mpmath at 60 digits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from focalbook.nn.log_odds import all_log_odds, focal_from_log_odds, log_slope_from_log_odds, target_log_odds

mp.mp.dps = 60

LOGITS = [
    [0.0, 0.0],
    [3.0, -2.0, 0.5, 0.5],
    [40.0, 0.0, -40.0],
    [800.0, 0.0, 1.0, -900.0],
    [1e4, -1e4, 0.0],
    [-1e4, -1e4, -1e4 + 1.0],
]


def exact_log_odds(logits: list[float], i: int) -> mp.mpf:
    others = mp.log(mp.fsum(mp.exp(mp.mpf(z)) for j, z in enumerate(logits) if j != i))
    return mp.mpf(logits[i]) - others


@pytest.mark.parametrize("logits", LOGITS)
def test_every_class_agrees_with_mpmath(logits: list[float]) -> None:
    z = torch.tensor(logits, dtype=torch.float64)
    found = all_log_odds(z)
    for i in range(len(logits)):
        exact = float(exact_log_odds(logits, i))
        tolerance = 4e-16 * max(abs(exact), max(map(abs, logits)), 1.0)
        assert abs(found[i].item() - exact) <= tolerance
        assert abs(target_log_odds(z, torch.tensor(i)).item() - exact) <= tolerance


def test_ties_at_the_top_agree_with_mpmath() -> None:
    found = all_log_odds(torch.tensor([5.0, 5.0, -1.0], dtype=torch.float64))
    exact = [float(exact_log_odds([5.0, 5.0, -1.0], i)) for i in range(3)]
    np.testing.assert_allclose(found.numpy(), exact, rtol=1e-14, atol=4e-15)  # scale 5


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.0, 7.5])
@pytest.mark.parametrize("d", [-700.0, -30.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 30.0, 90.0])
def test_loss_and_slope_against_mpmath(d: float, gamma: float) -> None:
    q = 1 / (1 + mp.exp(-mp.mpf(d)))
    c = 1 / (1 + mp.exp(mp.mpf(d)))
    loss = c**gamma * -mp.log(q)
    slope = c**gamma / q - gamma * c ** (gamma - 1) * mp.log(q)
    t = torch.tensor(d, dtype=torch.float64)
    assert focal_from_log_odds(t, gamma).item() == pytest.approx(float(loss), rel=1e-13)
    assert log_slope_from_log_odds(t, gamma).item() == pytest.approx(
        float(mp.log(slope)), rel=1e-13, abs=1e-13
    )


def test_slope_has_limits_at_infinite_log_odds() -> None:
    d = torch.tensor([-np.inf, np.inf], dtype=torch.float64)
    assert log_slope_from_log_odds(d, 1.0).tolist() == [np.inf, -np.inf]


def test_derivatives_agree_with_finite_differences() -> None:
    generator = torch.Generator().manual_seed(0)
    z = (3 * torch.randn(4, 5, dtype=torch.float64, generator=generator)).requires_grad_()
    for function in (all_log_odds, lambda x: log_slope_from_log_odds(all_log_odds(x), 0.7)):
        assert gradcheck(function, (z,))
        assert gradgradcheck(function, (z,))


@pytest.mark.parametrize("d", [-40.0, -1e-12, 0.0, 1e-12, 0.3, 40.0])
def test_gradient_of_the_slope_against_mpmath_also_where_branches_meet(d: float) -> None:
    def exact(t: mp.mpf) -> mp.mpf:
        q, c = 1 / (1 + mp.exp(-t)), 1 / (1 + mp.exp(t))
        return mp.log(c**0.7 / q - 0.7 * c ** (-0.3) * mp.log(q))

    t = torch.tensor(d, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(log_slope_from_log_odds(t, 0.7), t)
    assert gradient.item() == pytest.approx(float(mp.diff(exact, d)), rel=1e-10)
