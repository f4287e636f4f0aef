"""Extreme eigenvalues. Oracle: LAPACK on the dense matrix."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from focalbook.curvature import curvature_operator, extreme_eigenvalues, top_eigenvalues
from focalbook.curvature.results import Eigenvalue
from tests.curvature.networks import KINDS, dense, network, samples

DOUBLE = torch.float64


@pytest.mark.parametrize("kind", KINDS)
def test_both_ends_within_their_errors(kind: str) -> None:
    model, (x, y) = network(kind), samples()
    hessian, _ = dense(model, x, y, 2.0)
    truth = torch.linalg.eigvalsh(hessian).tolist()
    operator = curvature_operator(model, x, y, gamma=2.0, dtype=DOUBLE)
    for start in ("gradient", "random"):
        found = extreme_eigenvalues(operator, bottom=1, start=start, confirm=3)
        assert found.converged
        assert found.samples == 9
        for one, value in ((found.top[0], truth[-1]), (found.bottom[0], truth[0])):
            assert abs(one.value - value) <= 3 * one.error + 1e-12
            assert truth[0] - 1e-12 <= one.value <= truth[-1] + 1e-12
            assert one.error <= max(0.01 * abs(one.value), 0.001 * truth[-1])
            assert min(abs(t - one.value) for t in truth) <= one.residual


def test_several_to_many_digits() -> None:
    model, (x, y) = network("cnn"), samples()
    hessian, _ = dense(model, x, y, 0.0)
    found = top_eigenvalues(model, x, y, count=4, bottom=2, tolerance=1e-9, dtype=DOUBLE)
    truth = torch.linalg.eigvalsh(hessian)
    torch.testing.assert_close(torch.tensor([e.value for e in found.top], dtype=DOUBLE), truth.flip(0)[:4])
    torch.testing.assert_close(torch.tensor([e.value for e in found.bottom], dtype=DOUBLE), truth[:2])
    assert found.value == found.top[0].value
    assert found.error == found.top[0].error


def test_a_start_at_the_eigenvector_is_done_at_once() -> None:
    model, (x, y) = network("mlp"), samples()
    hessian, _ = dense(model, x, y, 2.0)
    values, vectors = torch.linalg.eigh(hessian)
    found = top_eigenvalues(model, x, y, gamma=2.0, start=vectors[:, -1], dtype=DOUBLE)
    assert found.products <= 3
    assert found.value == pytest.approx(float(values[-1]), rel=1e-9)


def test_too_few_products_are_not_called_converged() -> None:
    found = top_eigenvalues(network("mlp"), *samples(), products=1, start="random")
    assert not found.converged
    assert found.products == 1
    assert found.error == found.top[0].residual


def test_same_seed_same_result() -> None:
    model, (x, y) = network("mlp"), samples()
    one, other = (top_eigenvalues(model, x, y, start="random", seed=3) for _ in range(2))
    assert one.top == other.top


def test_single_precision_says_how_far_it_goes() -> None:
    found = top_eigenvalues(network("mlp"), *samples(), tolerance=1e-5, products=40)
    assert found.error >= 1e-7 * found.value


def test_text_and_ends() -> None:
    one = Eigenvalue(2.0, 0.5, 1.0)
    assert (one.low, one.high, str(one)) == (1.5, 2.5, "2 ± 0.5")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"count": 0}, "count and bottom"),
        ({"tolerance": 0.0}, "tolerance and products"),
        ({"products": 0}, "tolerance and products"),
        ({"confirm": -1}, "confirm at least 0"),
        ({"start": "zero"}, "start must be 'gradient'"),
        ({"start": torch.zeros(203)}, "start must be a finite vector"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        top_eigenvalues(network("mlp"), *samples(), **options)
