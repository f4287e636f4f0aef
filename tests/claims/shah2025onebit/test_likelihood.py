"""OB-1. Oracle: its own control, and single parts of the check made wrong."""

from __future__ import annotations

import numpy as np

from focalbook.claims.core import evaluate
from focalbook.claims.shah2025onebit import likelihood
from focalbook.claims.tally import Tally

(CLAIM,) = likelihood.CLAIMS


def test_proved() -> None:
    result = evaluate(CLAIM)
    assert result.status == "proved", result.reason


def test_each_part_of_the_control_fails_by_itself() -> None:
    rng = np.random.default_rng(0)
    for part in (
        lambda tally: likelihood._single(rng, tally, True),
        lambda tally: likelihood._concavity(rng, tally, True),
    ):
        tally = Tally(1e-9, "nowhere")
        part(tally)
        assert tally.done().residual > 1e-3


def test_points_reach_both_tails_of_every_family() -> None:
    seen: dict[str, list[float]] = {}
    for family, eta, tau in likelihood.points(np.random.default_rng(3)):
        seen.setdefault(type(family).__name__, []).append(float(np.exp(family.log_probability(eta, tau, 1))))
    assert len(seen) == 4
    for name, values in seen.items():
        assert min(values) < 1e-5, name
        assert max(values) > 0.999, name
