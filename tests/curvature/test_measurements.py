"""Everything at once. Oracle: dense matrices of both losses."""

from __future__ import annotations

import json

import pytest
import torch

from focalbook.curvature import measure
from tests.curvature.networks import dense, network, samples


def test_all_matrices_of_both_losses() -> None:
    model, (x, y) = network("cnn"), samples()
    ticks: list[int] = []
    found = measure(
        model, x, y, 2.0, products=3, tolerance=1e-4, dtype=torch.float64, tick=lambda: ticks.append(1)
    )
    assert [(r.gamma, r.matrix) for r in found.results] == [
        (g, m) for g in (2.0, 0.0) for m in ("hessian", "gauss-newton")
    ]
    for gamma in (2.0, 0.0):
        for name, matrix in zip(("hessian", "gauss-newton"), dense(model, x, y, gamma), strict=True):
            one, truth = found.of(gamma, name), torch.linalg.eigvalsh(matrix)
            assert one.converged
            assert one.top.value == pytest.approx(float(truth[-1]), rel=1e-3)
            assert one.bottom.value == pytest.approx(float(truth[0]), rel=1e-3, abs=1e-4 * float(truth[-1]))
            assert one.trace.value == pytest.approx(float(matrix.trace()), rel=1e-10)
    assert (found.samples, found.parameters, found.dtype, found.device) == (9, 261, "float64", "cpu")
    assert len(ticks) >= 20
    again = json.loads(json.dumps(found.to_dict()))
    assert again["results"][0]["top"]["value"] == found.results[0].top.value
    with pytest.raises(KeyError, match="no hessian at gamma = 3"):
        found.of(3.0)


def test_the_cross_entropy_is_measured_once() -> None:
    found = measure(network("mlp"), *samples(), 0.0, matrices=("gauss-newton",))
    assert [(r.gamma, r.matrix) for r in found.results] == [(0.0, "gauss-newton")]


def test_an_unknown_matrix_is_refused() -> None:
    with pytest.raises(ValueError, match="matrices must be among"):
        measure(network("mlp"), *samples(), matrices=("remainder",))
