"""GC-3: its status, the control, and the stored pair of coins."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.core import evaluate, rng_for
from focalbook.claims.kimura2024geometric import maximum_entropy


def test_status():
    result = evaluate(maximum_entropy.CLAIMS[0])
    assert result.status == "corrected", result.reason
    assert result.derivation.ok


def test_the_wrong_sign_is_far_off():
    assert maximum_entropy._maximum(rng_for("GC-3", "control"), sign=-1.0).residual > 1e-3


def test_conditional_entropy_by_definition():
    joint = np.array([[0.4, 0.1], [0.2, 0.3]])
    of_x, given_x = maximum_entropy.conditional_entropy(joint)
    assert of_x == pytest.approx(np.log(2))
    rows = joint / joint.sum(axis=1, keepdims=True)
    assert given_x == pytest.approx(-(joint * np.log(rows)).sum())


def test_stored_coins_break_the_step():
    (fair_x, fair_y), (bent_x, bent_y) = map(maximum_entropy.conditional_entropy, maximum_entropy.COINS)
    assert fair_x > bent_x
    assert fair_y > bent_y
    assert maximum_entropy._step_of_the_source().residual == np.inf
