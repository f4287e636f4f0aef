"""FE-12 and FE-13. Oracle: formulas that are wrong on purpose must not pass, exact ones must."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.core import evaluate
from focalbook.claims.shah2026focal import extremes


@pytest.mark.parametrize("claim", extremes.CLAIMS, ids=lambda claim: claim.id)
def test_proved(claim):
    result = evaluate(claim)
    assert result.status == "proved", result.reason


def test_exact_mass_is_the_inverse_map():
    q = np.array([1e-9, 1e-3, 0.4])
    for gamma in (0.5, 2.0, 20.0):
        found = extremes._mass(q, gamma)
        exact = [extremes._exact_mass(x, gamma) for x in q]  # oracle: the equation in 40-digit arithmetic
        np.testing.assert_allclose(found, exact, rtol=1e-12)


def test_extrapolation_is_exact_for_parabolas():
    def f(h):
        return np.array([2.0 + 3.0 * h - 5.0 * h**2])

    np.testing.assert_allclose(extremes._richardson([f(0.4), f(0.2), f(0.1)]), 2.0, rtol=1e-14)


def test_rows_sum_to_one():
    rows = extremes._spread(np.random.default_rng(0), 7, 1e-12)
    np.testing.assert_allclose(rows.sum(axis=1), 1.0, rtol=1e-14)
    assert (rows > 1e-13).all()
