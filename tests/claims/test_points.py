"""Test points. Oracle: the boundaries that a check has to visit."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.points import EDGE_GAMMAS, GAMMAS, distributions, gammas, models, probabilities
from focalbook.theory.entropy import entropy


def test_exponents_visit_zero_tiny_one_and_large() -> None:
    assert {0.0, 1e-3, 1.0, 1e3} <= set(EDGE_GAMMAS)
    assert 0.0 not in GAMMAS
    found = gammas(np.random.default_rng(0), 50)
    assert found.min() >= 1e-3
    assert found.max() <= 1e3
    assert len(gammas(np.random.default_rng(0), 5, zero=True)) == len(EDGE_GAMMAS) + 5


def test_probabilities_come_close_to_both_ends() -> None:
    found = probabilities(np.random.default_rng(0))
    assert found.min() == 1e-300
    assert found.max() == 1 - 2.0**-53
    assert np.all(np.diff(found) >= 0)
    assert np.all((found > 0) & (found < 1))


@pytest.mark.parametrize("classes", [2, 3, 10, 1000])
def test_distributions_and_models_are_legal_and_extreme(classes: int) -> None:
    rng = np.random.default_rng(0)
    p = distributions(rng, classes)
    for table in (p, models(rng, p)):
        assert table.shape == p.shape
        assert np.all(table > 0)
        assert np.allclose(table.sum(axis=1), 1, atol=1e-12)
        entropy(table)  # the package accepts them
    assert p.min() <= 1e-299
    assert p.max() == 1.0
    assert np.any(np.ptp(p, axis=1) == 0), "the uniform distribution"
