"""GC-4 and GC-5: both are proved, and the checks see what the controls get wrong."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.core import evaluate, rng_for
from focalbook.claims.kimura2024geometric import pacbayes
from focalbook.claims.tally import Tally


@pytest.mark.parametrize("claim", pacbayes.CLAIMS, ids=lambda claim: claim.id)
def test_proved(claim):
    result = evaluate(claim)
    assert result.status == "proved", result.reason


def test_a_bound_that_fails_too_often_is_seen():
    tally = Tally(1e-9, "")
    pacbayes._one_coin(tally, 20)
    assert tally.done().passed
    assert tally.count > 100


def test_pairs_of_other_mean_energies_are_far_off():
    assert pacbayes._regulariser(rng_for("GC-5", "control"), any_energy=True).residual > 1e-2


def test_pairs_of_equal_mean_energy_have_one():
    tally = Tally(1e-9, "")
    pacbayes._pair(tally, np.random.default_rng(0), np.arange(6.0), any_energy=False)
    assert tally.done().passed
