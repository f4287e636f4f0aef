"""The benchmark compares like with like. Oracle: it runs without peers; its network's size."""

from __future__ import annotations

import pytest
import torch

from benchmarks import curvature, curvature_peers
from focalbook.curvature import top_eigenvalues


def test_network_has_the_size_that_is_said() -> None:
    assert sum(p.numel() for p in curvature.network().parameters()) == pytest.approx(170_000, rel=0.02)


@pytest.fixture
def case() -> curvature_peers.Case:
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 10)
    )
    return model, torch.randn(12, 1, 2, 3), torch.arange(12) % 10


def test_power_iteration_needs_more_products(case: curvature_peers.Case) -> None:
    found = top_eigenvalues(*case, tolerance=1e-5)
    assert 1 < curvature.power_products(case, found.value, limit=500) < 500


def test_tables_without_peers(case: curvature_peers.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curvature_peers, "curvlinops", lambda: None)
    monkeypatch.setattr(curvature_peers, "pyhessian_class", lambda: None)
    for table in (curvature.product_table, curvature.eigenvalue_table, curvature.trace_table):
        found = table(case, 2)
        assert found.contenders["focalbook"]
        for quantities in found.contenders.values():
            assert abs(quantities["error %"].value) < 10 if "error %" in quantities else True
    assert curvature_peers.versions() == {}
