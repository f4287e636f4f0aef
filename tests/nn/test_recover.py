"""Recovery from logits; oracles: focalbook.theory (float64 NumPy), mpmath, the focal loss's own minimum."""

from __future__ import annotations

import itertools

import mpmath as mp
import numpy as np
import pytest
import torch
from torch.autograd import gradcheck

from focalbook.nn import Recover, SigmoidRecover, focal_cross_entropy, recover_log_posterior
from focalbook.theory.minimizer import recover as theory_recover
from focalbook.theory.sigmoid import recover_sigmoid_logits
from tests.logit_rows import DTYPES, Compile, extreme_rows


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("weighted", [False, True])
def test_agrees_with_the_numpy_inverse(gamma: float, weighted: bool) -> None:
    generator = torch.Generator().manual_seed(1)
    logits = 3 * torch.randn(40, 6, dtype=torch.float64, generator=generator)
    weight = torch.rand(6, dtype=torch.float64, generator=generator) + 0.1 if weighted else None
    expected = theory_recover(
        logits.softmax(1).numpy(), gamma, weights=None if weight is None else weight.numpy()
    )
    np.testing.assert_allclose(Recover(gamma, weight)(logits).numpy(), expected, rtol=1e-10)


@pytest.mark.parametrize("gamma", [0.4, 2.0])
def test_saturated_logits_against_mpmath(gamma: float) -> None:
    """One logit leads by 60: q rounds to one, its complement does not."""
    logits = [60.0, 0.0, -3.0]
    found = recover_log_posterior(torch.tensor(logits, dtype=torch.float64), gamma)
    with mp.workdps(80):
        total = mp.fsum(mp.exp(z) for z in logits)
        q = [mp.exp(z) / total for z in logits]
        score = [1 / ((1 - x) ** gamma / x - gamma * (1 - x) ** (gamma - 1) * mp.log(x)) for x in q]
        exact = [float(mp.log(s / mp.fsum(score))) for s in score]
    np.testing.assert_allclose(found.numpy(), exact, rtol=1e-11, atol=1e-30)


def test_recovers_the_distribution_whose_focal_entropy_was_minimised() -> None:
    """Logits found by minimising the weighted focal loss itself: no formula of the inverse is used."""
    p = torch.tensor([[0.62, 0.25, 0.1, 0.03]], dtype=torch.float64)
    weight = torch.tensor([1.0, 0.5, 2.0, 3.0], dtype=torch.float64)
    logits = torch.zeros(1, 4, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [logits], max_iter=200, tolerance_grad=1e-14, tolerance_change=0, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = focal_cross_entropy(logits, p, 2.0, weight)
        loss.backward()
        return loss

    for _ in range(5):
        optimiser.step(closure)  # type: ignore[arg-type]
    with torch.no_grad():
        torch.testing.assert_close(Recover(2.0, weight)(logits), p, rtol=1e-6, atol=1e-8)


def test_gamma_zero_is_softmax_and_axis_is_the_loss_axis() -> None:
    logits = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    torch.testing.assert_close(Recover(0.0)(logits), logits.softmax(1))
    torch.testing.assert_close(Recover(1.0)(logits).sum(1), torch.ones(2, 4, dtype=torch.float64))
    torch.testing.assert_close(
        Recover(1.0, dim=-1)(logits), Recover(1.0)(logits.movedim(-1, 1)).movedim(1, -1)
    )
    torch.testing.assert_close(Recover(1.0)(logits[0, :, 0]), Recover(1.0)(logits)[0, :, 0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_finite_and_order_preserving_for_every_finite_logit(dtype: torch.dtype) -> None:
    values = [-1e4, -90.0, -1.0, 0.0, 1.0, 90.0, 1e4]
    logits = torch.tensor(list(itertools.product(values, repeat=3)), dtype=dtype, requires_grad=True)
    for gamma in (0.0, 0.5, 1.0, 3.0):
        log_p = Recover(gamma, log=True)(logits)
        (gradient,) = torch.autograd.grad(log_p[:, 0].sum(), logits)
        assert torch.isfinite(log_p).all()
        assert torch.isfinite(gradient).all()
        order = logits.argsort(dim=1, stable=True)
        assert (log_p.gather(1, order).diff(dim=1) >= -4 * torch.finfo(dtype).eps).all()  # ties, rounded


def test_a_class_with_logit_minus_infinity_keeps_mass_zero() -> None:
    p = Recover(1.0)(torch.tensor([[1.0, 0.0, -torch.inf]]))
    assert p[0, 2] == 0
    torch.testing.assert_close(p[:, :2], Recover(1.0)(torch.tensor([[1.0, 0.0]])))


def test_gradient_agrees_with_finite_differences() -> None:
    logits = torch.randn(
        3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(2), requires_grad=True
    )
    assert gradcheck(Recover(0.7), (logits,))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("gamma", [0.5, 2.3])
def test_compiled_recovery_agrees_with_eager(gamma: float, weighted: bool, compiled: Compile) -> None:
    logits = 4 * torch.randn(30, 6, generator=torch.Generator().manual_seed(4))
    recover = Recover(gamma, torch.linspace(0.5, 2, 6) if weighted else None)
    run = compiled(recover)
    with torch.no_grad():
        torch.testing.assert_close(run(logits), recover(logits), rtol=2e-5, atol=1e-30)
    z = logits.clone().requires_grad_()
    (found,) = torch.autograd.grad(run(z)[:, 0].sum(), z)
    (expected,) = torch.autograd.grad(recover(z)[:, 0].sum(), z)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-7)


def test_one_recovery_for_each_network_of_a_stack() -> None:
    logits = torch.randn(3, 10, 4, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    found = torch.func.vmap(Recover(2.0))(logits)
    torch.testing.assert_close(found, torch.stack([Recover(2.0)(z) for z in logits]))


@pytest.mark.parametrize("alpha", [None, 0.25])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_sigmoid_recovery_agrees_with_the_theory(gamma: float, alpha: float | None) -> None:
    logits = torch.linspace(-30, 30, 121, dtype=torch.float64)
    expected = recover_sigmoid_logits(logits.numpy(), gamma, alpha)
    np.testing.assert_allclose(SigmoidRecover(gamma, alpha)(logits).numpy(), expected, rtol=1e-12)
    log_odds = SigmoidRecover(gamma, alpha, log_odds=True)(logits)
    np.testing.assert_allclose(log_odds.sigmoid().numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("gamma", [0.1, 0.5, 1.0, 5.0])
def test_recovery_is_finite_in_every_precision(dtype: torch.dtype, gamma: float) -> None:
    rows = extreme_rows(dtype)
    assert torch.isfinite(Recover(gamma)(rows)).all()
    z = rows.clone().requires_grad_()
    for out in (Recover(gamma)(z), SigmoidRecover(gamma)(z)):
        (gradient,) = torch.autograd.grad(out.sum(0)[0], z)
        assert out.dtype is dtype
        assert torch.isfinite(out).all()
        assert torch.isfinite(gradient).all()


def test_bad_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="gamma must be finite"):
        Recover(-0.1)
    with pytest.raises(ValueError, match="weight must be finite and above 0"):
        Recover(1.0, torch.tensor([1.0, 0.0]))
    with pytest.raises(ValueError, match="at least two classes"):
        Recover(1.0)(torch.zeros(3, 1))
    with pytest.raises(ValueError, match="one entry for each of the 4 classes"):
        Recover(1.0, torch.ones(3))(torch.zeros(3, 4))
    assert "gamma=2" in repr(Recover(2.0))
