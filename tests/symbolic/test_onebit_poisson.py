"""OB-5, first part: every step holds; its expressions against plain sums of masses."""

from __future__ import annotations

import math

import pytest
import sympy as sp

from focalbook.symbolic import onebit_poisson as steps
from focalbook.symbolic.kernel.equality import Identity


def test_every_step_is_verified() -> None:
    derivation = steps.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 70


def _masses(mu: float, count: int = 200) -> list[float]:
    return [math.exp(n * math.log(mu) - mu - math.lgamma(n + 1)) for n in range(count)]


@pytest.mark.parametrize(("tau", "mu"), [(1, 0.3), (4, 6.0), (9, 2.5)])
def test_moments_are_those_of_the_masses(tau: int, mu: float) -> None:
    p = _masses(mu)
    above, below = (step.value for step in steps.moments()[:2])
    at = {steps.k: tau, steps.mu: mu}
    assert float(above.subs(at)) == pytest.approx(sum((n - mu) * p[n] for n in range(tau, 200)), rel=1e-12)
    assert float(below.subs(at)) == pytest.approx(sum((mu - n) * p[n] for n in range(tau)), rel=1e-12)


@pytest.mark.parametrize("value", [0, 1])
def test_second_derivatives_against_differences(value: int) -> None:
    """Oracle: mpmath's derivative of the log-probability in log mu and in mu."""
    import mpmath as mp

    tau, mu = 4, 3.0
    ends = [(0, 1), (1, 0)][value]

    def probability(m: mp.mpf) -> mp.mpf:
        part = (0, m) if ends == (1, 0) else (m, mp.inf)
        return mp.gammainc(tau, *part, regularized=True)

    p1 = float(probability(mp.mpf(mu))) if value else 1 - float(probability(mp.mpf(mu)))
    p = _masses(mu)
    at = {
        steps.k: tau,
        steps.mu: mu,
        steps.P1: p1,
        steps.P0: 1 - p1,
        steps.f: tau * p[tau],
        steps.over: sum((n - tau) * p[n] for n in range(tau, 200)),
        steps.under: sum((tau - n) * p[n] for n in range(tau)),
    }
    found = [step for step in steps.concavity() if isinstance(step, Identity)][0 if value else 2 :][:2]
    log = [
        mp.diff(lambda y: mp.log(probability(mp.exp(y))), mp.log(mu), 2),
        mp.diff(lambda m: mp.log(probability(m)), mu, 2),
    ]
    for step, want in zip(found, log, strict=True):
        assert float(step.right.subs(at)) == pytest.approx(float(want), rel=1e-9)


def test_mass() -> None:
    assert float(steps.pmf(sp.Integer(3)).subs(steps.mu, 2.0)) == pytest.approx(_masses(2.0)[3])
