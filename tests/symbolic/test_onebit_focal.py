"""OB-8: every step holds; the weight and its pieces against numbers from elsewhere."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp

from focalbook.symbolic import onebit_efficiency, onebit_focal
from focalbook.symbolic.focal import gamma, gamma0, q, slope


def test_every_step_is_verified():
    derivation = onebit_focal.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 30


@pytest.mark.parametrize("g", [0.5, 2.0, 6.0])
@pytest.mark.parametrize("at", [0.03, 0.5, 0.8])
def test_rate_against_differences(g, at):
    """Oracle: the logarithm of phi in the log-odds, differentiated by mpmath."""
    falls = sp.lambdify((q, gamma0), onebit_efficiency._fall(q, gamma0), "mpmath")
    phi = sp.lambdify((q, gamma), slope(q), "mpmath")
    t = mp.log(at / (1 - mp.mpf(at)))
    want = -mp.diff(lambda v: mp.log(phi(1 / (1 + mp.exp(-v)), g)), t)
    assert float(falls(mp.mpf(at), g)) == pytest.approx(float(want), rel=1e-9)


@pytest.mark.parametrize("g", [0.5, 2.0, 6.0])
def test_weight_is_the_multiplier_times_the_slope_of_the_report(g):
    """Oracle: the equation p phi(q) = (1-p) phi(1-q) solved and differentiated by mpmath."""
    phi = sp.lambdify((q, gamma), slope(q), "mpmath")
    falls = sp.lambdify((q, gamma0), onebit_efficiency._fall(q, gamma0), "mpmath")

    def report(p):
        return mp.findroot(lambda y: p * phi(y, g) - (1 - p) * phi(1 - y, g), (0.05, 0.95), solver="anderson")

    for p in (0.1, 0.45, 0.7):
        y = report(mp.mpf(p))
        want = p * phi(y, g) * mp.diff(report, p)
        gain, other = y * phi(y, g), (1 - y) * phi(1 - y, g)
        found = (y * other + (1 - y) * gain) / (falls(y, g) + falls(1 - y, g))
        assert float(found) == pytest.approx(float(want), rel=1e-8)
