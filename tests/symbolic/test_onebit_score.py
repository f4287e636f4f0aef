"""OB-1: every step holds; its expressions against SciPy's distributions."""

from __future__ import annotations

import pytest
import sympy as sp
from scipy import integrate, stats

from focalbook.symbolic import onebit_score


def test_every_step_is_verified() -> None:
    derivation = onebit_score.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 30


@pytest.mark.parametrize("order", range(5))
def test_moments_beyond_a_point_are_integrals(order: int) -> None:
    """Oracle: SciPy's quadrature."""
    alpha = sp.Rational(3, 5)
    want, _ = integrate.quad(lambda y: y**order * stats.norm.pdf(y), 0.6, 12)
    found = onebit_score._moment(order, alpha, sp.erfc(alpha / sp.sqrt(2)) / 2)
    assert float(found) == pytest.approx(want, abs=1e-9)
