"""FE-14 and FE-15: both are proved, and the checks see what the controls get wrong."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.core import evaluate, rng_for
from focalbook.claims.shah2026focal import bayes


@pytest.mark.parametrize("claim", bayes.CLAIMS, ids=lambda claim: claim.id)
def test_proved(claim):
    result = evaluate(claim)
    assert result.status == "proved", result.reason


def test_a_score_of_its_own_loss_is_far_off():
    control = bayes._bayes(rng_for("FE-14", "control"), through_inverse=False)
    assert control.residual > 1e-3


def test_the_direction_below_one_is_far_off():
    assert bayes._bernoulli(rng_for("FE-15", "control"), reversed_below_one=False).residual > 1e-3


def test_mean_ignores_infinite_scores_of_what_never_happens():
    mean = bayes._mean(np.array([[0.5, 0.5, 0.0]]), np.array([[1.0, 3.0, np.inf]]))
    np.testing.assert_array_equal(mean, [2.0])
