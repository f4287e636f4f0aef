"""The peers that the benchmark times solve the same problem: they agree with the package where they can."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import onebit


@pytest.fixture(scope="module")
def data():
    rows = onebit.make_rows(4000, seed=5)
    return rows, onebit.collapse(rows)


@pytest.mark.parametrize("kind", [0, 1])
def test_peers_solve_the_same_problem(data, kind):
    solvers = onebit.competitors()[kind]
    exact = [float(x) for x in onebit.mp_probit(*data[1], start=onebit.ours_counts(data[1]))]
    for name, solver in solvers.items():
        tolerance = 1e-13 if name.startswith("focalbook") else 1e-4
        np.testing.assert_allclose(solver(data[kind]), exact, atol=tolerance, err_msg=name)


def test_collapsing_keeps_every_bit(data):
    rows, (w, tau, ones, trials) = data
    assert len(w) == len(set(zip(rows[0], rows[1], strict=True)))
    assert trials.sum() == 4000
    assert ones.sum() == rows[2].sum()
    again = onebit.collapse(onebit.expand((w, tau, ones, trials)))
    np.testing.assert_array_equal(again[2], ones)


def test_hard_cases_are_hard():
    cases = onebit.hard_cases()
    with pytest.raises(ValueError, match="separated"):
        onebit.ours_counts(cases["separated"])
    for name in ("offset 1e6", "three bits at z = 35"):
        found = onebit.ours_counts(cases[name])
        exact = onebit.mp_probit(*cases[name], start=found)
        np.testing.assert_allclose(found, [float(x) for x in exact], rtol=1e-12)
