"""Lanczos iteration. Oracle: the eigenvalues and moments of a matrix that is there."""

from __future__ import annotations

import numpy as np
import torch

from focalbook.curvature.lanczos import lanczos

GENERATOR = torch.Generator().manual_seed(0)
HALF = torch.randn(30, 30, dtype=torch.float64, generator=GENERATOR)
A = HALF + HALF.T
START = torch.randn(30, dtype=torch.float64, generator=GENERATOR)


def test_all_eigenvalues_in_the_end() -> None:
    values, residuals, _ = lanczos(lambda v: A @ v, START, 99).ritz()
    np.testing.assert_allclose(values, torch.linalg.eigvalsh(A), atol=1e-11)
    assert residuals.max() == 0.0


def test_residuals_bound_the_distance_to_an_eigenvalue() -> None:
    krylov = lanczos(lambda v: A @ v, START, 8)
    values, residuals, vectors = krylov.ritz()
    truth = torch.linalg.eigvalsh(A).numpy()
    for j, (value, residual) in enumerate(zip(values, residuals, strict=True)):
        vector = krylov.vector(vectors[:, j])
        np.testing.assert_allclose(float((A @ vector - value * vector).norm()), residual, rtol=1e-9)
        assert np.abs(truth - value).min() <= residual


def test_basis_stays_orthonormal() -> None:
    basis = torch.stack(lanczos(lambda v: A @ v, START, 25).basis)
    torch.testing.assert_close(basis @ basis.T, torch.eye(25, dtype=torch.float64), rtol=0, atol=1e-13)


def test_quadrature_is_exact_for_moments() -> None:
    values, _, vectors = lanczos(lambda v: A @ v, START, 5).ritz()
    unit = START / START.norm()
    for power in range(10):
        wanted = float(unit @ torch.linalg.matrix_power(A, power) @ unit)
        np.testing.assert_allclose((vectors[0] ** 2 * values**power).sum(), wanted, rtol=1e-9, atol=1e-9)


def test_an_invariant_space_ends_it() -> None:
    diagonal = torch.arange(30.0, dtype=torch.float64)
    start = torch.zeros(30, dtype=torch.float64)
    start[[3, 7, 20]] = 1.0
    krylov = lanczos(lambda v: diagonal * v, start, 20)
    assert krylov.exhausted
    values, residuals, _ = krylov.ritz()
    np.testing.assert_allclose(values, [3.0, 7.0, 20.0], rtol=1e-12)
    assert not residuals.any()


def test_it_stops_when_told() -> None:
    assert len(lanczos(lambda v: A @ v, START, 20, lambda k: len(k.basis) == 3).basis) == 3
