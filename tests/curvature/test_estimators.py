"""Estimators of a trace. Oracles: the trace of a matrix that is there; z-tests with fixed seeds."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from focalbook.curvature.estimators import hutch_plus_plus, hutchinson, mean_and_error, signs, xtrace

Estimator = Callable[[Callable[[Tensor], Tensor], Tensor], tuple[float, float]]
SIZE = 80
LIKE = torch.empty(0, dtype=torch.float64)


def matrix(eigenvalues: list[float], noise: float = 0.0) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    q, _ = torch.linalg.qr(torch.randn(SIZE, SIZE, dtype=torch.float64, generator=generator))
    rest = noise * torch.randn(SIZE - len(eigenvalues), dtype=torch.float64, generator=generator)
    return q * torch.cat([torch.tensor(eigenvalues, dtype=torch.float64), rest]) @ q.T


INDEFINITE = matrix([50.0, -20.0, 10.0, 5.0], noise=0.3)


@pytest.mark.parametrize(("estimator", "rows"), [(hutchinson, 24), (hutch_plus_plus, 24), (xtrace, 12)])
def test_unbiased_with_honest_errors(estimator: Estimator, rows: int) -> None:
    generator = torch.Generator().manual_seed(5)
    found = torch.tensor(
        [estimator(lambda v: v @ INDEFINITE, signs(rows, SIZE, generator, LIKE)) for _ in range(400)]
    )
    values, errors = found.double().T
    z = (values.mean() - INDEFINITE.trace()) / (values.std() / 20)
    assert abs(float(z)) < 3.5
    assert float(errors.square().mean().sqrt() / values.std()) == pytest.approx(1.0, abs=0.15)


def test_xtrace_has_a_fraction_of_the_spread() -> None:
    generator = torch.Generator().manual_seed(6)
    spread = []
    for estimator, rows in ((hutchinson, 24), (xtrace, 12)):
        found = [
            estimator(lambda v: v @ INDEFINITE, signs(rows, SIZE, generator, LIKE))[0] for _ in range(60)
        ]
        spread.append(float(torch.tensor(found).std()))
    assert spread[1] < 0.2 * spread[0]


@pytest.mark.parametrize(("estimator", "rows"), [(hutch_plus_plus, 18), (xtrace, 6)])
def test_exact_on_low_rank(estimator: Estimator, rows: int) -> None:
    low = matrix([5.0, -3.0, 2.0, 1.0]) + 1e-12 * INDEFINITE
    value, error = estimator(lambda v: v @ low, signs(rows, SIZE, torch.Generator().manual_seed(0), LIKE))
    assert value == pytest.approx(5.0, abs=1e-8)
    assert error < 1e-8


def test_hutchinson_is_exact_on_diagonal_matrices() -> None:
    diagonal = torch.arange(SIZE, dtype=torch.float64)
    probes = signs(4, SIZE, torch.Generator().manual_seed(0), LIKE)
    assert hutchinson(lambda v: v * diagonal, probes) == (float(diagonal.sum()), 0.0)


def test_mean_and_error() -> None:
    assert mean_and_error(torch.tensor([1.0, 2.0, 3.0])) == (2.0, pytest.approx(1 / math.sqrt(3)))
    assert mean_and_error(torch.tensor([7.0])) == (7.0, math.inf)


def test_signs() -> None:
    drawn = signs(50, 40, torch.Generator().manual_seed(0), LIKE)
    assert set(drawn.unique().tolist()) == {-1.0, 1.0}
    assert abs(float(drawn.mean())) < 3.5 / math.sqrt(2000)
