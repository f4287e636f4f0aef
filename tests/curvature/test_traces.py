"""Traces of networks. Oracle: the dense matrices."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from focalbook.curvature import trace
from focalbook.curvature.results import Trace
from focalbook.nn import FocalLoss
from tests.curvature.networks import PIECEWISE, dense, network, samples

DOUBLE = torch.float64


@pytest.mark.parametrize("kind", PIECEWISE)
def test_exact_for_networks_that_are_piecewise_linear(kind: str) -> None:
    model, (x, y) = network(kind), samples()
    found = trace(model, x, y, gamma=2.0, products=3, dtype=DOUBLE)
    assert (found.method, found.error) == ("samples", 0.0)
    assert found.value == pytest.approx(float(dense(model, x, y, 2.0)[0].trace()), rel=1e-11)


@pytest.mark.parametrize("kind", ["smooth mlp", "transformer"])
def test_the_remainder_is_added_where_there_is_one(kind: str) -> None:
    """Eight seeds: mean within 3.5 standard errors, reported errors near the spread."""
    model, (x, y) = network(kind), samples()
    truth = float(dense(model, x, y, 2.0)[0].trace())
    found = [trace(model, x, y, gamma=2.0, products=40, dtype=DOUBLE, seed=s) for s in range(8)]
    assert all(f.method == "samples + xtrace" for f in found)
    z = [(f.value - truth) / f.error for f in found]
    assert abs(sum(z) / math.sqrt(len(z))) < 3.5
    assert 0.4 < math.sqrt(sum(v * v for v in z) / len(z)) < 1.9


@pytest.mark.parametrize("method", ["hutchinson", "hutch++", "xtrace"])
@pytest.mark.parametrize("matrix", ["hessian", "gauss-newton"])
def test_general_methods(method: str, matrix: str) -> None:
    model, (x, y) = network("depthwise"), samples()
    truth = float(dense(model, x, y, 0.0)[matrix == "gauss-newton"].trace())
    found = trace(model, x, y, matrix=matrix, method=method, products=36, dtype=DOUBLE)
    assert found.products == 36
    assert abs(found.value - truth) < 4 * found.error
    assert found.low < found.value < found.high


def test_a_loss_in_place_of_gamma() -> None:
    model, (x, y) = network("cnn"), samples()
    one, other = (trace(model, x, y, products=3, **o) for o in ({"gamma": 2.0}, {"loss": FocalLoss(2.0)}))
    assert one.value == other.value


def test_text() -> None:
    assert str(Trace(10.0, 1.0, "samples", 2.0, 9, 0.1)) == "10 ± 1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "diagonal"}, "method must be one of"),
        ({"products": 0}, "products must be at least 1"),
        ({"products": 2, "method": "xtrace"}, "products must be at least 4"),
        ({"products": True}, "products must be at least 1"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        trace(network("mlp"), *samples(), **options)
