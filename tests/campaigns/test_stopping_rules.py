"""Rules that mislead. Oracles: a plain loop over samples; the eigenvalues that were put in."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from focalbook.campaigns.stopping_rules import clustered, lanczos_top, power_iteration, settled_traces
from focalbook.curvature.estimators import signs


def test_the_rule_stops_where_a_plain_loop_stops() -> None:
    generator = torch.Generator().manual_seed(3)
    root = torch.randn(20, 20, generator=generator, dtype=torch.float64)
    matrix = root @ root.T
    found = settled_traces(matrix, tolerance=1e-2, limit=30, repeats=12, seed=7)
    again = torch.Generator().manual_seed(7)
    for repeat in range(12):
        samples: list[float] = []
        mean = 0.0
        for v in signs(30, 20, again, matrix):
            samples.append(float(v @ matrix @ v))
            before, mean = mean, float(np.mean(samples))
            if len(samples) > 1 and abs(mean - before) < 1e-2 * (abs(before) + 1e-6):
                break
        assert found.products[repeat] == len(samples)
        assert found.stopped[repeat] == pytest.approx(mean, rel=1e-5)
        assert found.stated[repeat] == pytest.approx(
            np.std(samples, ddof=1) / np.sqrt(len(samples)), rel=1e-2, abs=1e-3 * mean
        )
    assert found.truth == pytest.approx(float(matrix.trace()))
    assert 0 <= found.covered <= 1


def test_an_iteration_rests_on_the_second_eigenvalue() -> None:
    matrix, start = clustered()
    values = torch.linalg.eigvalsh(matrix)
    assert values[-1] == 1.0
    assert values[-2] == pytest.approx(0.98)
    power, stop = power_iteration(matrix, start, 60)
    assert stop < 20
    assert power[stop - 1] == pytest.approx(0.98, abs=2e-3)
    ritz, residual = lanczos_top(matrix, start, 30)
    assert ritz[-1] == pytest.approx(1.0, abs=1e-6)
    at = int(np.argmin(np.abs(ritz - 0.98)))
    assert residual[at] < 1e-3
    nearest = np.abs(values.numpy() - ritz[:, None]).min(axis=1)
    assert (nearest <= residual + 1e-12).all()
