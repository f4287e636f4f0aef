"""OB-6. Oracle: its control, the stored counterexample, SciPy over both coordinates."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import log_ndtr

from focalbook.claims.core import evaluate
from focalbook.claims.shah2025onebit import existence
from focalbook.claims.tally import Tally

(CLAIM,) = existence.CLAIMS


def test_corrected() -> None:
    result = evaluate(CLAIM)
    assert result.status == "corrected", result.reason
    assert result.derivation.ok


def test_the_control_fails_in_its_own_part_and_nowhere_else() -> None:
    rng = np.random.default_rng(0)
    tally = Tally(1e-9, "nowhere")
    existence._gaussian(rng, tally, False)
    assert tally.done().residual == np.inf
    for part in (existence._one_parameter, existence._logistic, existence._directions):
        tally = Tally(1e-9, "nowhere")
        part(rng, tally)
        assert tally.done().passed


def test_overlap_of_small_cases() -> None:
    design = np.array([[1.0, 1.0], [1.0, -1.0]])
    both = np.array([1.0, 1.0])
    assert existence.overlap(design, both, both)
    assert not existence.overlap(design, both, np.zeros(2))
    assert not existence.overlap(design, np.array([1.0, 0.0]), np.array([0.0, 1.0]))


def test_mean_thresholds_are_exact() -> None:
    ones, zeros = existence.mean_thresholds([0.5, 2.0], np.array([1.0, 2.0]), np.array([3.0, 0.0]))
    assert (ones, zeros) == (Fraction(3, 2), Fraction(1, 2))


@pytest.mark.parametrize("counts", [(3, 5, 7), (7, 5, 3), (5, 6, 4)])
def test_slope_at_zero_has_the_sign_of_the_maximiser(counts) -> None:
    """Oracle: SciPy's minimiser over both coordinates, which may be negative."""
    w, tau = np.array([1.0, 0.5, 2.0]), np.array([-1.0, 0.3, 1.0])
    ones = np.array(counts, float)

    def loss(beta):
        z = w * beta[0] - tau * beta[1]
        return -float((ones * log_ndtr(z) + (10 - ones) * log_ndtr(-z)).sum())

    best = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    assert np.sign(existence.slope_at_zero(w, tau, ones, 10 - ones)) == np.sign(best.x[1])
