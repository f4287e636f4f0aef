"""The peers that the benchmark times solve the same problem: they agree with the package where they can."""

from __future__ import annotations

import numpy as np
import pytest

import focalbook as fb
from benchmarks import minimizer


@pytest.mark.parametrize(
    ("peer", "tolerance"),
    [
        (minimizer.nested_find_root, 1e-14),
        (minimizer.nested_brentq, 1e-13),
        (minimizer.slsqp, 1e-5),
        (minimizer.trust_constr, 1e-6),
        (minimizer.torch_lbfgs, 1e-6),
    ],
)
@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_peers_solve_the_same_problem(peer, tolerance, gamma):
    p = np.random.default_rng(3).dirichlet(np.full(4, 5.0), 3)
    np.testing.assert_allclose(
        peer(p, gamma), fb.minimizer(p, gamma), atol=tolerance
    )  # oracle: solvers of SciPy and PyTorch


def test_errors_are_measured_against_the_exact_solution():
    rows = np.random.default_rng(4).dirichlet(np.ones(3), 2)
    shifted = lambda p, g: fb.minimizer(p, g) * (1 + 1e-6)  # noqa: E731 - oracle: a known relative error
    absolute, relative = minimizer.errors(shifted, rows, 1.0)
    assert relative == pytest.approx(1e-6, rel=1e-6)
    assert absolute == pytest.approx(1e-6 * fb.minimizer(rows, 1.0).max(), rel=1e-6)


def test_a_solver_that_returns_nan_has_given_up():
    rows = np.random.default_rng(4).dirichlet(np.ones(3), 2)
    assert np.isnan(minimizer.errors(lambda p, g: p * np.nan, rows, 1.0)).all()


def test_tables_say_time_and_error_of_every_solver():
    peers = {"focalbook": (fb.minimizer, 8), "torch L-BFGS": (minimizer.torch_lbfgs, 2)}
    made = minimizer.compare(4, peers, 2.0, 0.0)
    assert made.settings["rows"] == {"focalbook": 8, "torch L-BFGS": 2}
    for found in made.contenders.values():
        assert {"ratio", "least", "absolute", "extreme relative"} < set(found)
    assert made.contenders["focalbook"]["absolute"].value < 1e-15
    assert made.contenders["focalbook"]["absolute"].n == 3
