"""OB-8. Oracle: its own control, and single parts of the check with one of them made wrong."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.core import evaluate
from focalbook.claims.shah2025onebit import focal
from focalbook.claims.tally import Tally

(CLAIM,) = focal.CLAIMS


def test_proved():
    result = evaluate(CLAIM)
    assert result.status == "proved", result.reason
    assert result.control.residual > 100 * result.control.tolerance
    assert result.count > 1000


@pytest.mark.parametrize("part", [focal._saturated, focal._unsaturated])
def test_each_part_of_the_control_fails_by_itself(part):
    tally = Tally(1e-6, "nowhere")
    part(np.random.default_rng(0), tally, False)
    assert tally.done().residual > 1e-4


@pytest.mark.parametrize("seed", [1, 2])
def test_passes_with_any_seed(seed):
    assert CLAIM.check(np.random.default_rng(seed)).passed
