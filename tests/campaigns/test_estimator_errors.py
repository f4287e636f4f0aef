"""Errors against dense matrices. Oracles: recomputation by hand, and z-tests with fixed seeds."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.estimator_errors import (
    TraceErrors,
    eigenvalue_errors,
    spectrum_check,
    trace_errors,
)
from focalbook.campaigns.small_networks import SmallNetwork, dense, small_network


@pytest.fixture(scope="module")
def networks() -> list[SmallNetwork]:
    return [small_network(kind, images=16, steps=40) for kind in ("batch norm", "attention")]


def test_traces_scatter_around_the_truth_as_stated(networks: list[SmallNetwork]) -> None:
    found = trace_errors(networks, gammas=(2.0,), seeds=24)
    assert [t.method for t in found] == ["samples", "samples + xtrace"]
    for t in found:
        assert abs(t.z.mean()) * np.sqrt(len(t.z)) < 4.5
        assert 0.5 < np.sqrt(np.mean(t.z**2)) < 2.2
        assert t.truth == float(dense(next(n for n in networks if n.kind == t.kind), 2.0).hessian.trace())
    assert found[0].products < 3 < 32 < found[1].products


def test_summaries_by_hand() -> None:
    t = TraceErrors("k", 0.0, "m", 10.0, np.array([9.0, 11.0, 13.0]), np.array([1.0, 1.0, 1.0]), 2.0)
    assert t.relative == pytest.approx(np.sqrt(11 / 3) / 10)
    np.testing.assert_allclose(t.z, [-1.0, 1.0, 3.0])
    assert t.covered == pytest.approx(2 / 3)


def test_the_residual_always_holds_and_tight_tolerances_find_the_top(networks: list[SmallNetwork]) -> None:
    found = eigenvalue_errors(networks, tolerances=(0.1, 1e-4), seeds=6)
    assert len(found) == 8
    for e in found:
        values = dense(next(n for n in networks if n.kind == e.kind), 2.0).eigenvalues()
        assert e.truth == values[-1]
        assert (e.nearest <= e.residual * (1 + 1e-9) + 1e-12 * e.truth).all()
        assert (e.estimate <= e.truth * (1 + 1e-12)).all()
        if e.start == "gradient" and e.tolerance == 1e-4:
            assert e.error.max() < 1e-3 * e.truth


def test_the_quadrature_follows_the_eigenvalues(networks: list[SmallNetwork]) -> None:
    c = spectrum_check(networks[0], runs=6, steps=30, points=60)
    assert c.products == 180
    np.testing.assert_array_equal(c.eigenvalues, dense(networks[0], 2.0).eigenvalues())
    sharp = (c.eigenvalues <= c.points[:, None]).mean(axis=1)
    assert np.abs(np.sort(c.truth) - c.truth).max() == 0
    assert np.abs(c.truth - sharp).mean() < 0.1
    assert np.abs(c.share - c.truth).max() < 0.05
    inside = np.abs(c.share - c.truth) <= 4 * c.stated + 2e-3
    assert inside.mean() > 0.9
