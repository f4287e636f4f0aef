"""Samples, chunks and memory. Oracle: what was put in, and a network that runs out of memory on purpose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from focalbook.curvature import curvature_operator, trace
from focalbook.curvature.forward import Forward
from tests.curvature.networks import dense, network, samples

DOUBLE = torch.float64


class Greedy(nn.Module):
    """Runs out of memory with more than a given number of samples."""

    def __init__(self, inner: nn.Module, most: int, error: Exception) -> None:
        super().__init__()
        self.inner, self.most, self.error = inner, most, error

    def forward(self, x: Tensor) -> Tensor:
        """Logits or features."""
        if len(x) > self.most:
            raise self.error
        return self.inner(x)


ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory"),
    RuntimeError("DefaultCPUAllocator: can't allocate memory"),
]


@pytest.mark.parametrize("error", ERRORS, ids=["cuda", "cpu"])
def test_chunks_are_halved_until_they_fit(error: Exception) -> None:
    inner, (x, y) = network("cnn"), samples()
    operator = curvature_operator(Greedy(inner, 2, error), x, y, gamma=2.0, dtype=DOUBLE, chunk=8, memory=1e9)
    v = torch.ones(operator.size, dtype=DOUBLE)
    with pytest.warns(RuntimeWarning, match="going on with") as said:
        found = operator.product(v)
    assert [str(w.message)[-2:] for w in said] == ["4.", "2."]
    assert operator.forward.chunk == 2
    torch.testing.assert_close(found, dense(inner, x, y, 2.0)[0] @ v)
    torch.testing.assert_close(operator.product(v), found)


def test_traces_halve_too() -> None:
    inner, (x, y) = network("cnn"), samples()
    with pytest.warns(RuntimeWarning, match="out of memory with chunks of 9"):
        found = trace(Greedy(inner, 4, ERRORS[0]), x, y, products=3, dtype=DOUBLE, chunk=9)
    assert found.value == pytest.approx(float(dense(inner, x, y, 0.0)[0].trace()), rel=1e-10)


def test_a_single_sample_that_does_not_fit_ends_it() -> None:
    inner, (x, y) = network("mlp"), samples()
    model = Greedy(inner, 9, ERRORS[0])
    operator = curvature_operator(model, x, y, dtype=DOUBLE, chunk=2)
    model.most = 0
    with pytest.warns(RuntimeWarning), pytest.raises(MemoryError, match="single sample"):
        operator.product(torch.ones(operator.size, dtype=DOUBLE))


def test_other_errors_are_not_swallowed() -> None:
    model, (x, y) = Greedy(network("mlp"), 9, RuntimeError("something else")), samples()
    operator = curvature_operator(model, x, y, dtype=DOUBLE)
    model.most = 0
    with pytest.raises(RuntimeError, match="something else"):
        operator.product(torch.ones(operator.size, dtype=DOUBLE))


def test_chunks_follow_the_memory() -> None:
    model, (x, y) = network("cnn"), samples(40)
    need = Forward(model, x, y, dtype=DOUBLE).memory_of_sample
    images = 8 * (36 + 4 * 36 * 2 + 4 * 9 + 5 * 4)  # what surely is kept: inputs, feature maps
    assert images / 2 < need < 20 * images
    small = Forward(model, x, y, dtype=DOUBLE, memory=60 * need)
    assert small.chunk == 10
    assert 1 <= small.kept() < small.chunks
    large = Forward(model, x, y, dtype=DOUBLE, memory=1e9)
    assert large.chunk == 40
    assert large.kept() == large.chunks == 1


def test_arrays_are_taken() -> None:
    model, (x, y) = network("mlp"), samples()
    forward = Forward(model, x.numpy(), y.numpy().astype(np.int32), dtype=DOUBLE)
    assert torch.equal(forward.inputs, x)
    assert torch.equal(forward.labels, y)


def test_another_precision_is_measured_on_a_copy() -> None:
    model, (x, y) = network("mlp").float(), samples()
    forward = Forward(model, x, y, dtype=DOUBLE)
    assert forward.model is not model
    assert next(model.parameters()).dtype == torch.float32


def spoiled(kind: str) -> nn.Module:
    model = network(kind)
    with torch.no_grad():
        next(model.parameters())[0] = float("nan")
    return model


X, Y = samples()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"inputs": X[:0], "labels": Y[:0]}, "no samples"),
        ({"labels": Y[:4]}, "do not fit 4 labels"),
        ({"labels": Y.double()}, "class numbers"),
        ({"labels": Y + 1}, "labels go from .* but the network has 3 classes"),
        ({"labels": Y - 1}, "labels go from -1"),
        ({"inputs": X.to(torch.uint8)}, "must be floats"),
        ({"inputs": X / 0.0}, "inputs must be finite"),
        ({"inputs": X.repeat(1, 3, 1, 1)}, "does not take inputs of shape .* another architecture"),
        ({"model": spoiled("cnn")}, "not all finite. Did the training diverge"),
        ({"model": network("cnn").requires_grad_(False)}, "no trained parameter"),
        ({"model": nn.Sequential(nn.Conv2d(1, 3, 3).double())}, "must return logits"),
        ({"dtype": torch.bfloat16}, "dtype must be"),
        ({"chunk": 0}, "chunk must be"),
    ],
)
def test_bad_input_is_refused(arguments: dict[str, Any], message: str) -> None:
    given = {"model": network("cnn"), "inputs": X, "labels": Y, "dtype": DOUBLE} | arguments
    with pytest.raises(ValueError, match=message):
        Forward(given.pop("model"), given.pop("inputs"), given.pop("labels"), **given)
