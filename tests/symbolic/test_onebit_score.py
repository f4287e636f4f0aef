"""OB-1: every step holds; its expressions against SciPy's distributions."""

from __future__ import annotations

import pytest
import sympy as sp
from scipy import integrate, stats

from focalbook.symbolic import onebit_score
from focalbook.symbolic.kernel.sign import Sign


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


def test_rates_fall_as_the_lemma_asks() -> None:
    """Oracle: the slopes r = f'/f written out at two points."""
    steps = [
        step
        for step in onebit_score.log_concave()
        if isinstance(step, Sign) and step.left.has(onebit_score.y)
    ]
    assert len(steps) == 2
    at = {onebit_score.y: 0.4, onebit_score.x: 1.1, onebit_score.k: 3.0}
    assert float(steps[0].difference.subs(at)) == pytest.approx(1.1)
    assert float(steps[1].difference.subs(at)) == pytest.approx(float(sp.exp(1.5) - sp.exp(0.4)))


def test_the_gaussian_bends_upwards_already_at_four_standard_deviations() -> None:
    """Oracle: mpmath's numerical derivative, through evalf."""
    (bend,) = onebit_score.not_concave()
    assert 0 < float(bend.expr.subs(bend.variable, 8).evalf(30)) < 0.5
