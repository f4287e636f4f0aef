"""GC-7: every step holds; the factor against second differences of the loss."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from focalbook.symbolic import surprisal
from focalbook.symbolic.focal import gamma, q


def test_every_step_is_verified() -> None:
    derivation = surprisal.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 15


@pytest.mark.parametrize("value", [0.5, 1.0, 3.0])
def test_factor_is_the_curvature_in_the_log_odds(value: float) -> None:
    """Oracle: a second difference of the loss of one label, over that of the log loss, q(1 - q)."""
    formula = sp.lambdify(q, surprisal.factor(q).subs(gamma, value))

    def loss(t: float) -> float:
        p = 1 / (1 + np.exp(-t))
        return float((1 - p) ** value * -np.log(p))

    for t in (-2.0, 0.0, 1.5):
        p, h = 1 / (1 + np.exp(-t)), 1e-4
        bend = (loss(t + h) - 2 * loss(t) + loss(t - h)) / h**2
        assert formula(p) == pytest.approx(bend / (p * (1 - p)), abs=1e-5)
