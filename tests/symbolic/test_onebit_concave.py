"""OB-1, second part. Oracles: slopes written out, mpmath's numerical derivatives."""

from __future__ import annotations

import pytest
import sympy as sp

from focalbook.symbolic import onebit_concave
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify


def test_every_step_is_verified() -> None:
    for step in (*onebit_concave.log_concave(), *onebit_concave.not_concave()):
        assert verify(step).ok, step.title


def test_rates_fall_as_the_lemma_asks() -> None:
    """Oracle: the slopes r = f'/f written out at two points."""
    steps = [
        step
        for step in onebit_concave.log_concave()
        if isinstance(step, Sign) and step.left.has(onebit_concave.y)
    ]
    assert len(steps) == 2
    at = {onebit_concave.y: 0.4, onebit_concave.x: 1.1, onebit_concave.k: 3.0}
    assert float(steps[0].difference.subs(at)) == pytest.approx(1.1)
    assert float(steps[1].difference.subs(at)) == pytest.approx(float(sp.exp(1.5) - sp.exp(0.4)))


def test_the_gaussian_bends_upwards_already_at_four_standard_deviations() -> None:
    """Oracle: mpmath's numerical derivative, through evalf."""
    (bend,) = onebit_concave.not_concave()
    assert 0 < float(bend.expr.subs(bend.variable, 8).evalf(30)) < 0.5
