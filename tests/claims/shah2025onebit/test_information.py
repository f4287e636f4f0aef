"""OB-2. Oracle: its own control, single parts of the check made wrong."""

from __future__ import annotations

import numpy as np

from focalbook.claims.core import evaluate
from focalbook.claims.shah2025onebit import information
from focalbook.claims.tally import Tally

(CLAIM,) = information.CLAIMS


def test_proved() -> None:
    result = evaluate(CLAIM)
    assert result.status == "proved", result.reason


def test_the_control_fails_and_the_other_parts_hold() -> None:
    rng = np.random.default_rng(0)
    tally = Tally(1e-9, "nowhere")
    information._bit(rng, tally, False)
    assert tally.done().residual > 1e-3
    tally = Tally(1e-9, "nowhere")
    information._whole(rng, tally)
    information._processing(rng, tally)
    information._shares(tally)
    assert tally.done().passed
    assert tally.count > 100
