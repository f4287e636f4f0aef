"""Small networks with dense matrices. Oracles: column by column differentiation; equal weights by bytes."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from focalbook.campaigns.small_networks import KINDS, KnownMatrix, dense, small_network, weights_digest
from focalbook.curvature import extreme_eigenvalues
from focalbook.nn import focal_cross_entropy


@pytest.mark.parametrize("kind", KINDS)
def test_columns_of_the_dense_hessian_are_derivatives_of_the_gradient(kind: str) -> None:
    network = small_network(kind, images=12, steps=10)
    made = dense(network, 2.0)
    model, x = network.model.double(), network.inputs.double()
    weights = list(model.parameters())
    with sdpa_kernel(SDPBackend.MATH):
        loss = focal_cross_entropy(model(x), network.labels, 2.0)
        slope = torch.autograd.grad(loss, weights, create_graph=True)
        flat = torch.cat([s.reshape(-1) for s in slope])
        torch.testing.assert_close(made.gradient, flat.detach(), atol=1e-12, rtol=1e-9)
        for j in (0, 17, network.parameters - 1):
            column = torch.autograd.grad(
                flat[j], weights, retain_graph=True, materialize_grads=True, allow_unused=True
            )
            found = torch.cat([c.reshape(-1) for c in column])
            torch.testing.assert_close(made.hessian[j], found, atol=1e-11, rtol=1e-9)
    rest = made.hessian - made.gauss_newton
    scale = float(made.hessian.abs().max())
    assert (float(rest.diagonal().abs().max()) < 1e-11 * scale) is (kind != "attention")
    assert float(rest.abs().max()) > 1e-3 * scale


def test_the_same_seed_gives_the_same_weights_and_leaves_the_global_state() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one, two, other = (small_network("depthwise", images=5, steps=2, seed=s) for s in (0, 0, 1))
    assert torch.equal(before, torch.get_rng_state())
    assert weights_digest(one.model) == weights_digest(two.model) != weights_digest(other.model)
    assert not one.model.training


def test_a_known_matrix_stands_in_for_a_network() -> None:
    values = torch.tensor([3.0, -1.0, 0.5, 0.1], dtype=torch.float64)
    operator = KnownMatrix(torch.diag(values), torch.ones(4, dtype=torch.float64))
    found = extreme_eigenvalues(operator, bottom=1, tolerance=1e-10)
    assert found.top[0].value == pytest.approx(3.0, abs=1e-12)
    assert found.bottom[0].value == pytest.approx(-1.0, abs=1e-12)
    assert operator.products == found.products <= 4


def test_labels_do_not_matter_to_the_trace_of_the_cross_entropy() -> None:
    network = small_network("perceptron", images=12, steps=10)
    other = dataclasses.replace(network, labels=(network.labels + 3) % 10)
    one, two = (float(dense(n, 0.0).hessian.trace()) for n in (network, other))
    assert one == pytest.approx(two, rel=1e-11)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="kind must be one of"):
        small_network("recurrent")
    with pytest.raises(ValueError, match="images must lie between"):
        small_network("perceptron", images=1000)
