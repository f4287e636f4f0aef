"""The reduced experiment. Oracles: treatments of the logits by hand, and the settings of the plan."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from focalbook.calibration import nll
from focalbook.campaigns.plan import load_plan
from focalbook.campaigns.recovery_live import PLAN, TRIED, profile, run_live
from focalbook.theory.minimizer import recover


def test_profile_is_the_log_loss_after_each_inverse_map() -> None:
    rng = np.random.default_rng(0)
    q = rng.dirichlet(np.ones(4), 50)
    labels = rng.integers(4, size=50)
    expected = [nll(recover(q, gamma), labels, resamples=0).value for gamma in TRIED]
    np.testing.assert_allclose(profile(np.log(q), labels), expected, rtol=1e-9)


def test_records_of_two_short_runs() -> None:
    plan = load_plan(PLAN)
    pair = [run for run in plan.runs if run.configuration["per_class"] and run.configuration["seed"] == 0][
        1:3
    ]
    records = run_live(dataclasses.replace(plan, runs=tuple(pair)))
    assert [r.id for r in records] == [run.id for run in pair]
    for record in records:
        gamma, tried = record.configuration["gamma"], list(record.arrays["tried"])
        losses = record.arrays["tried_nll"]
        assert losses[tried.index(0.0)] == pytest.approx(record.metrics["test nll"].value)
        assert losses[tried.index(gamma)] == pytest.approx(record.metrics["test nll, recovered"].value)
        count, confidence, _ = record.arrays["reliability_recovered"]
        mean = np.nansum(count * confidence) / count.sum()
        gap = record.metrics["test gap, recovered"].value + record.metrics["test accuracy"].value
        assert mean == pytest.approx(gap, abs=1e-5)


def test_the_plan_has_a_wrong_gamma_for_every_network() -> None:
    gammas = {float(run.configuration["gamma"]) for run in load_plan(PLAN).runs}
    assert {2 * gamma for gamma in gammas} | gammas <= set(TRIED)
