"""Over- and under-confidence; oracles: plain loops, sums that add up, populations with a known gap."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from focalbook.calibration import calibration_error, confidence_gap

_spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "naive.py")
assert _spec is not None
assert _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)


def test_parts_are_those_of_a_loop_and_add_up() -> None:
    rng = np.random.default_rng(0)
    probs, labels = rng.dirichlet(np.full(4, 0.6), 300), rng.integers(4, size=300)
    probs[:150, :] = 0.05
    probs[np.arange(150), labels[:150]] = 0.85  # right, and too modest
    top = [naive.naive_top(row) for row in probs.tolist()]
    gap = [probs[i, k] - (labels[i] == k) for i, k in enumerate(top)]
    sums = [sum(gap[i] for i in rows) / 300 for rows in naive.naive_bins(probs.max(axis=1).tolist(), 15)]
    found = confidence_gap(probs, labels)
    assert found.over.value == pytest.approx(sum(s for s in sums if s > 0), abs=1e-14)
    assert found.under.value == pytest.approx(-sum(s for s in sums if s < 0), abs=1e-14)
    assert min(found.over.value, found.under.value) > 0.02
    assert found.over.value + found.under.value == pytest.approx(calibration_error(probs, labels).value)
    assert found.over.value - found.under.value == pytest.approx(found.gap.value)
    assert found.gap.value == pytest.approx(np.mean(gap))


def test_all_right_and_all_wrong_are_the_two_ends() -> None:
    probs = [[0.8, 0.2]] * 5
    right, wrong = (confidence_gap(probs, [k] * 5) for k in (0, 1))
    assert (right.gap.value, right.over.value) == (pytest.approx(-0.2), 0.0)
    assert (wrong.gap.value, wrong.under.value) == (pytest.approx(0.8), 0.0)


@pytest.mark.parametrize("shift", [-0.04, 0.0, 0.2])
def test_interval_of_the_gap_covers_it(shift: float) -> None:
    rng, covered = np.random.default_rng(2), 0
    for seed in range(200):
        confidence = rng.uniform(0.55, 0.95, 300)
        labels = (rng.random(300) >= confidence - shift).astype(int)
        probs = np.stack([confidence, 1 - confidence], axis=1)
        gap = confidence_gap(probs, labels, resamples=200, seed=seed).gap
        covered += gap.low <= shift <= gap.high
    assert abs(covered / 200 - 0.95) < 3.5 * np.sqrt(0.95 * 0.05 / 200)


def test_without_resamples_there_are_no_intervals_and_bad_input_is_refused() -> None:
    assert np.isnan(confidence_gap([[0.5, 0.5]], [0], resamples=0).gap.low)
    with pytest.raises(ValueError, match="binning"):
        confidence_gap([[0.5, 0.5]], [0], binning="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="label 2"):
        confidence_gap([[0.5, 0.5]], [2])
