"""GC-9 and GC-10: status, controls, counterexamples. Oracle: mpmath, from the loss by differentiation."""

from __future__ import annotations

import mpmath as mp
import numpy as np

from focalbook.claims.core import evaluate, rng_for
from focalbook.claims.kimura2024geometric import curvature
from focalbook.theory.curvature import optimum_curvature_ratio

SAMPLE, OPTIMUM = curvature.CLAIMS


def exact_ratio(p: float, gamma: float) -> float:
    """Ratio for two classes by 50-digit differences of the mean losses, each at its optimum."""
    with mp.workdps(50):
        a, g = mp.mpf(p), mp.mpf(gamma)

        def mean(t, g):
            q = 1 / (1 + mp.exp(-t))
            return -a * (1 - q) ** g * mp.log(q) - (1 - a) * q**g * mp.log(1 - q)

        start = mp.log(a / (1 - a))
        best = mp.findroot(lambda t: mp.diff(lambda s: mean(s, g), t), start / (1 + g))
        return float(mp.diff(lambda s: mean(s, g), best, 2) / mp.diff(lambda s: mean(s, mp.mpf(0)), start, 2))


def test_status_is_computed() -> None:
    assert evaluate(SAMPLE).status == "proved"
    result = evaluate(OPTIMUM)
    assert result.status == "corrected"
    assert result.derivation.ok


def test_controls_fail_where_they_should() -> None:
    wrong = SAMPLE.control(rng_for("GC-9", "control"))
    assert wrong.residual == np.inf  # between the threshold and the peak of the gain
    assert not OPTIMUM.control(rng_for("GC-10", "control")).passed


def test_stored_points_lie_on_either_side_of_one() -> None:
    for (p, gamma), below in ((curvature.LOWERED, True), (curvature.RAISED, False)):
        exact = exact_ratio(p[0], gamma)
        np.testing.assert_allclose(optimum_curvature_ratio(p, gamma), exact, rtol=1e-9)
        assert (exact < 1) == below
