"""FE-13 in symbols. Oracle: the numerical package, which was written without it."""

from __future__ import annotations

import numpy as np

from focalbook.symbolic import extremes
from focalbook.symbolic.focal import p
from focalbook.theory.limits import large_gamma_limit, small_gamma_slope
from focalbook.theory.minimizer import log_multiplier

MASSES = np.array([0.6, 0.3, 0.08, 0.02])


def test_slope_at_zero() -> None:
    tilt = np.array([float(extremes.start(p).subs(p, mass)) for mass in MASSES])
    rate = extremes.small().rate.subs(extremes.MEAN_A, float(MASSES @ tilt))
    found = [float(rate.subs(p, mass)) for mass in MASSES]
    np.testing.assert_allclose(found, small_gamma_slope(MASSES), rtol=1e-13)


def test_rate_at_infinity() -> None:
    at = {extremes.MEAN_LOG: float(np.log(MASSES).mean()), extremes.count: len(MASSES)}
    rate = extremes.large().rate.subs(at)
    found = [0.25 + float(rate.subs(p, mass)) / 1e3 for mass in MASSES]
    np.testing.assert_allclose(found, large_gamma_limit(MASSES, 1e3), rtol=1e-14)


def test_multiplier_at_infinity() -> None:
    at = {extremes.MEAN_LOG: float(np.log(MASSES).mean()), extremes.count: len(MASSES)}
    law = float(extremes.level().right.subs(at)) + 1e6 * np.log(0.75) + np.log(1e6)
    assert abs(law - log_multiplier(MASSES, 1e6)) < 1e-4
