"""The peers that the benchmark times solve the same problem: they agree with the package where they can."""

from __future__ import annotations

import numpy as np
import pytest

import focalbook as fb
from benchmarks import minimizer


@pytest.mark.parametrize(
    ("peer", "tolerance"),
    [(minimizer.nested_find_root, 1e-14), (minimizer.nested_brentq, 1e-13), (minimizer.slsqp, 1e-5)],
)
@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_peers_solve_the_same_problem(peer, tolerance, gamma):
    p = np.random.default_rng(3).dirichlet(np.full(4, 5.0), 3)
    np.testing.assert_allclose(
        peer(p, gamma), fb.minimizer(p, gamma), atol=tolerance
    )  # oracle: three solvers of SciPy


def test_errors_are_measured_against_the_exact_solution():
    rows = np.random.default_rng(4).dirichlet(np.ones(3), 2)
    shifted = lambda p, g: fb.minimizer(p, g) * (1 + 1e-6)  # noqa: E731 - oracle: a known relative error
    absolute, relative = minimizer.errors(shifted, rows, 1.0)
    assert relative == pytest.approx(1e-6, rel=1e-6)
    assert absolute == pytest.approx(1e-6 * fb.minimizer(rows, 1.0).max(), rel=1e-6)
