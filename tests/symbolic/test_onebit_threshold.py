"""OB-5, second part: integrals, bound and shape against quadrature."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp

from focalbook.symbolic import onebit_threshold as steps
from focalbook.symbolic.kernel.step import verify


def _integral(integrand: object, tau: float, mu: float, moment: int = 0) -> mp.mpf:
    f = sp.lambdify(steps.s, integrand(steps.s).subs({steps.t: tau, steps.mu: mu}), "mpmath")  # type: ignore[operator]
    return mp.quad(lambda s: s**moment * f(s), [0, 1, 4, 12])


@pytest.mark.parametrize(("tau", "mu"), [(1.0, 0.7), (3.5, 3.0), (8.0, 12.0)])
def test_probabilities_are_f_times_the_integrals(tau: float, mu: float) -> None:
    f = mp.exp(tau * mp.log(mu) - mu - mp.loggamma(tau))
    low = mp.gammainc(tau, 0, mu, regularized=True)
    assert float(f * _integral(steps.below, tau, mu)) == pytest.approx(float(low), rel=1e-5)
    assert float(f * _integral(steps.above, tau, mu)) == pytest.approx(float(1 - low), rel=1e-8)


@pytest.mark.parametrize(("tau", "mu"), [(2.0, 0.7), (3.5, 3.0), (8.0, 12.0)])
def test_bound_and_mixed_derivative(tau: float, mu: float) -> None:
    a, b = (_integral(g, tau, mu) for g in (steps.below, steps.above))
    assert a * b > mp.exp(2 * mu) * mp.besselk(0, mu) ** 2
    m, n = (_integral(g, tau, mu, 1) for g in (steps.below, steps.above))
    mixed = 2 - m / a**2 - n / b**2
    assert 0 < mixed < 2


def test_a_wrong_bound_is_not_deduced() -> None:
    """Oracle: the same step with twice the right-hand side."""
    (total,) = (step for step in steps.bound() if type(step).__name__ == "Total")
    wrong = type(total)(**{**total.__dict__, "right": 3 * steps.C})
    assert not verify(wrong).ok


def test_steps_are_verified() -> None:
    assert all(verify(step).ok for step in steps.steps())
