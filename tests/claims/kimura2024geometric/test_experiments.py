"""EX-1, EX-2, GC-11. Oracle: single parts of the checks on made-up records, right and wrong ones."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns import curvature_sources
from focalbook.claims.core import evaluate
from focalbook.claims.kimura2024geometric import experiments
from focalbook.claims.tally import Tally
from tests.curvature_runs import made

CLAIMS = {claim.id: claim for claim in experiments.CLAIMS}


def test_orders_are_taken_within_seeds_for_every_pair() -> None:
    tally = Tally(0.0, "nowhere")
    experiments._every_pair(tally, np.array([[1.0, 2, 3], [0, 5, 9]]), rises=True)
    assert (tally.done().passed, tally.count) == (True, 6)
    experiments._every_pair(tally, np.array([[1.0, 3, 2]]), rises=True)
    assert not tally.done().passed


def test_prediction_of_another_gamma_fails() -> None:
    for backwards in (False, True):
        tally = Tally(experiments.MARGIN, "nowhere")
        experiments._predicted(tally, made(), backwards)
        assert tally.done().passed is not backwards


def test_made_networks_pass_where_they_follow_the_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curvature_sources, "live", lambda: tuple(made()))
    curvature, error = experiments.contradiction(seed=1)
    assert curvature["cross-entropy hessian trace"] > 1
    assert error["test absolute gap"] == pytest.approx(0.6)


@pytest.mark.slow
def test_statuses() -> None:
    found = {name: evaluate(claim) for name, claim in CLAIMS.items()}
    assert {name: r.status for name, r in found.items()} == {
        "EX-1": "empirical",
        "EX-2": "empirical",
        "GC-11": "refuted",
    }
    assert found["GC-11"].check.passed
    assert found["GC-11"].counterexample is not None
    assert found["GC-11"].counterexample.residual > 5 * found["GC-11"].counterexample.tolerance
