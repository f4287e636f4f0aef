"""Bounds over all thresholds. Oracles: dense grids, and mpmath far away."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from focalbook.onebit import _ceiling, design
from focalbook.onebit.models import Gaussian


@pytest.mark.parametrize("seed", range(6))
def test_ceiling_is_above_a_dense_grid_and_close_to_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 4))
    guesses = np.stack([rng.normal(size=k), rng.uniform(0.3, 3, k)], axis=1)
    root = rng.normal(size=(k, 2, 2))
    duals, prior, w = (
        root @ np.swapaxes(root, 1, 2),
        rng.dirichlet(np.ones(k)),
        float(rng.choice([-1.0, 0.5, 2.0])),
    )
    tau = w * guesses[:, 0].mean() + np.linspace(-45, 45, 400_001)
    f = design._criteria.factors(Gaussian(w, tau), guesses)
    top = float(np.einsum("k,kcp,kpq,kcq->c", prior, f, duals, f, optimize=True).max())
    assert top <= _ceiling.ceiling(w, guesses, duals, prior) * (1 + 1e-12)
    assert _ceiling.ceiling(w, guesses, duals, prior) <= top * (1 + 1e-6)


def test_the_tail_bound_is_above_the_tail() -> None:
    dual = np.array([[2.0, -1.0], [-1.0, 3.0]])
    bound = _ceiling._tail(1.5, dual)
    with mpmath.workdps(400):
        for z in (12.0, -12.0, 12.5, 15.0, -20.0, 30.0):
            share = mpmath.npdf(z) ** 2 / (mpmath.ncdf(z) * mpmath.ncdf(-z))
            assert float(share * _ceiling._quadratic(np.array(z), 1.5, dual)) <= bound


def test_sharp_budget_of_both_efficiencies() -> None:
    """Oracle: largest omega(z)(1 + z^2/2) on a grid."""
    z = np.linspace(0, 3, 300_001)
    share = Gaussian(1.0, 0.0).predict(z).weight * (1 + z**2 / 2)
    got = _ceiling.ceiling(1.0, np.array([[0.0, 1.0]]), np.diag([1.0, 0.5])[None], np.ones(1))
    assert got == pytest.approx(share.max(), rel=2e-8)
