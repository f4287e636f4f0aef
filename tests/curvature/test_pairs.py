"""The trace from single samples. Oracles: the dense matrix, the closed form of the theory; a z-test."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from focalbook.curvature.forward import Forward
from focalbook.curvature.losses import row_loss
from focalbook.curvature.pairs import gauss_newton_trace, logit_hessians
from focalbook.theory.curvature import logit_hessian
from tests.curvature.networks import KINDS, dense, network, samples

DOUBLE = torch.float64


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_all_pairs_give_the_trace(kind: str, gamma: float) -> None:
    model, (x, y) = network(kind), samples()
    forward = Forward(model, x, y, dtype=DOUBLE, chunk=4)
    found = gauss_newton_trace(forward, row_loss(gamma, None), 3, torch.Generator())
    assert found.error == 0.0
    assert found.value == pytest.approx(float(dense(model, x, y, gamma)[1].trace()), rel=1e-11)
    assert found.passes <= 3


@pytest.mark.parametrize("gamma", [0.0, 0.5, 5.0])
def test_hessians_in_the_logits_are_those_of_the_theory(gamma: float) -> None:
    model, (x, y) = network("mlp"), samples(20)
    forward = Forward(model, x, y, dtype=DOUBLE, chunk=7)
    q = torch.softmax(model(x).detach(), 1)
    found = logit_hessians(forward, row_loss(gamma, None))
    np.testing.assert_allclose(found, logit_hessian(q, y, gamma), atol=1e-14)


@pytest.mark.parametrize("scale", [1.0, 25.0])
def test_drawn_pairs_are_unbiased_with_honest_errors(scale: float) -> None:
    """With large logits few pairs matter, and focal loss has negative weights among them."""
    model, (x, y) = network("mlp"), samples(40)
    with torch.no_grad():
        model[-1].weight.mul_(scale)
    forward, loss = Forward(model, x, y, dtype=DOUBLE), row_loss(2.0, None)
    truth = float(dense(model, x, y, 2.0)[1].trace())
    generator = torch.Generator().manual_seed(7)
    found = [gauss_newton_trace(forward, loss, 0.5, generator) for _ in range(80)]
    values = np.array([f.value for f in found])
    assert all(f.passes <= 0.5 for f in found)
    assert abs(values.mean() - truth) < 3.5 * values.std(ddof=1) / np.sqrt(80)
    errors = np.sqrt(np.mean([f.error**2 for f in found]))
    assert errors == pytest.approx(values.std(ddof=1), rel=0.3)
