"""GC-6. Oracle: its own control, and single parts of the check with one of them made wrong."""

from __future__ import annotations

import numpy as np

from focalbook.claims.core import evaluate
from focalbook.claims.kimura2024geometric import fisher
from focalbook.claims.tally import Tally

(CLAIM,) = fisher.CLAIMS


def test_proved() -> None:
    result = evaluate(CLAIM)
    assert result.status == "proved", result.reason


def test_each_part_of_the_control_fails_by_itself() -> None:
    rng = np.random.default_rng(0)
    for part in (fisher._families, fisher._softmax):
        tally = Tally(1e-10, "nowhere")
        part(rng, tally, (1 / 6, 1 / 6))
        assert tally.done().residual > 1e-4
    tally = Tally(1e-10, "nowhere")
    fisher._network(rng, tally, equal_to_hessian=True)
    assert tally.done().residual > 1e-3
