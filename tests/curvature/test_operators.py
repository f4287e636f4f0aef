"""Products. Oracle: dense Hessian and Gauss-Newton matrix by reverse over reverse differentiation."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from focalbook.curvature import curvature_operator
from focalbook.curvature.forward import Forward
from focalbook.curvature.losses import row_loss
from focalbook.curvature.operators import Operator
from focalbook.nn import DualFocalLoss, FocalLoss
from focalbook.nn.models import build_model
from tests.curvature.networks import KINDS, dense, network, samples

DOUBLE = torch.float64


def assert_is(operator: Operator, matrix: Tensor, digits: float = 1e-13) -> None:
    """The operator multiplies five random vectors as the matrix does."""
    generator = torch.Generator().manual_seed(3)
    vectors = torch.randn(5, operator.size, dtype=DOUBLE, generator=generator)
    found, truth = torch.stack(operator.products_of(list(vectors))), vectors @ matrix
    torch.testing.assert_close(found, truth, rtol=0, atol=digits * float(truth.abs().max()) + 1e-14)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("kind", KINDS)
def test_matrices_are_the_dense_ones(kind: str, gamma: float) -> None:
    model, (x, y) = network(kind), samples()
    hessian, gauss_newton = dense(model, x, y, gamma)
    forward = Forward(model, x, y, dtype=DOUBLE, chunk=4)
    for name, truth in (
        ("hessian", hessian),
        ("gauss-newton", gauss_newton),
        ("remainder", hessian - gauss_newton),
    ):
        assert_is(Operator(forward, row_loss(gamma, None), name), truth)


@pytest.mark.parametrize("kind", ["cnn", "transformer"])
def test_single_precision(kind: str) -> None:
    model, (x, y) = network(kind), samples()
    hessian, _ = dense(model, x, y, 2.0)
    v = torch.randn(len(hessian), dtype=DOUBLE, generator=torch.Generator().manual_seed(0))
    found = curvature_operator(model.float(), x.float(), y, gamma=2.0).product(v.float())
    assert (found.double() - hessian @ v).norm() < 1e-5 * (hessian @ v).norm()


def test_the_gauss_newton_matrix_of_focal_loss_is_indefinite_where_labels_are_improbable() -> None:
    model, (x, y) = network("mlp"), samples(30)
    with torch.no_grad():
        model[-1].weight.mul_(25.0)
    operator = curvature_operator(model, x, y, gamma=2.0, matrix="gauss-newton", dtype=DOUBLE)
    _, truth = dense(model, x, y, 2.0)
    eigenvalues = torch.linalg.eigvalsh(truth)
    assert eigenvalues[0] < -1e-2 * eigenvalues[-1]
    assert_is(operator, truth, 1e-11)


@pytest.mark.parametrize("memory", [0.0, 3e3, 1e9])
@pytest.mark.parametrize("chunk", [1, 4, 9, 50])
def test_chunks_and_kept_graphs_change_nothing(chunk: int, memory: float) -> None:
    model, (x, y) = network("cnn"), samples()
    v = torch.ones(curvature_operator(model, x, y, dtype=DOUBLE).size, dtype=DOUBLE)
    for name in ("hessian", "gauss-newton", "remainder"):
        one = curvature_operator(model, x, y, gamma=2.0, matrix=name, dtype=DOUBLE, chunk=9).product(v)
        other = curvature_operator(
            model, x, y, gamma=2.0, matrix=name, dtype=DOUBLE, chunk=chunk, memory=memory
        )
        for _ in range(2):
            torch.testing.assert_close(other.product(v), one, rtol=1e-12, atol=1e-14)
        assert other.products == 2


@pytest.mark.parametrize("matrix", ["hessian", "gauss-newton", "remainder"])
def test_gradient(matrix: str) -> None:
    model, (x, y) = network("smooth mlp"), samples()
    operator = curvature_operator(model, x, y, gamma=2.0, matrix=matrix, dtype=DOUBLE, chunk=5)
    truth = torch.autograd.grad(FocalLoss(2.0)(model(x), y), list(model.parameters()))
    torch.testing.assert_close(operator.gradient(), torch.cat([g.reshape(-1) for g in truth]))


@pytest.mark.parametrize(
    "loss",
    [
        nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5], dtype=DOUBLE), label_smoothing=0.1),
        FocalLoss(2.0, weight=torch.tensor([1.0, 2.0, 0.5], dtype=DOUBLE), ignore_index=1),
        DualFocalLoss(2.0),
    ],
)
def test_other_losses(loss: nn.Module) -> None:
    """Weighted means divide by the weights of all samples, whatever the chunks are."""
    model, (x, y) = network("smooth mlp"), samples()
    hessian, gauss_newton = dense(model, x, y, loss)
    for name, truth in (("hessian", hessian), ("gauss-newton", gauss_newton)):
        operator = curvature_operator(model, x, y, loss=loss, matrix=name, dtype=DOUBLE, chunk=4)
        assert_is(operator, truth, 1e-11)


def test_frozen_parameters_are_left_out() -> None:
    model, (x, y) = network("cnn"), samples()
    model[0].requires_grad_(False)
    hessian, _ = dense(model, x, y, 0.0)
    operator = curvature_operator(model, x, y, dtype=DOUBLE)
    assert operator.size == len(hessian)
    assert_is(operator, hessian, 1e-11)


def test_a_linear_classifier_has_no_remainder() -> None:
    model, (x, y) = nn.Sequential(nn.Flatten(), nn.Linear(36, 3)).double(), samples()
    operator = curvature_operator(model, x, y, gamma=2.0, matrix="remainder", dtype=DOUBLE)
    assert not operator.product(torch.ones(operator.size, dtype=DOUBLE)).any()


def test_everything_is_put_back() -> None:
    model, (x, y) = network("cnn").float(), samples()
    model.train()
    model[1].eval()
    before = copy.deepcopy(model.state_dict())
    with torch.no_grad():
        operator = curvature_operator(model, x.float(), y, gamma=2.0)
        operator.product(torch.ones(operator.size))
        assert not torch.is_grad_enabled()
    assert [m.training for m in model] == [i != 1 for i in range(len(model))]
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("cnn", {}),
        ("mobilenet-v2", {}),
        ("vit", {"dimension": 12, "depth": 1, "heads": 2}),
    ],
)
def test_networks_of_the_book_against_forward_over_reverse(name: str, options: dict[str, Any]) -> None:
    torch.manual_seed(0)
    model = build_model(name, (3, 8, 8), 4, **options).double().eval()
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(2, 3, 8, 8, dtype=DOUBLE, generator=generator)
    y = torch.tensor([0, 3])
    operator = curvature_operator(model, x, y, gamma=2.0, dtype=DOUBLE)
    v = torch.randn(operator.size, dtype=DOUBLE, generator=generator)
    weights = list(model.parameters())
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        first = torch.autograd.grad(FocalLoss(2.0)(model(x), y), weights, create_graph=True)
        inner = sum((a * b).sum() for a, b in zip(first, operator.forward.split(v), strict=True))
        truth = torch.autograd.grad(inner, weights)
    truth = torch.cat([t.reshape(-1) for t in truth])
    assert (operator.product(v) - truth).norm() < 1e-9 * truth.norm()


def test_an_unknown_matrix_is_refused() -> None:
    with pytest.raises(ValueError, match="matrix must be one of"):
        curvature_operator(network("mlp"), *samples(), matrix="fisher")
