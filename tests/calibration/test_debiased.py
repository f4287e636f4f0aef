"""Debiased calibration error; oracles: plain loops, the published formula, unbiasedness by Monte Carlo."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from focalbook.calibration import debiased_error

_spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "naive.py")
assert _spec is not None
assert _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)


def two_class(confidence: np.ndarray) -> np.ndarray:
    return np.stack([confidence, 1 - confidence], axis=1)


@pytest.mark.parametrize("bins", [1, 7, 15, 300])
def test_agrees_with_plain_loops(bins: int) -> None:
    rng = np.random.default_rng(bins)
    confidence, labels = rng.uniform(0.5, 1, 100), rng.integers(2, size=100)
    expected = naive.naive_debiased(confidence.tolist(), (labels == 0).astype(int).tolist(), bins)
    found = debiased_error(two_class(confidence), labels, bins, squared=True, resamples=0).value
    assert found == pytest.approx(expected, abs=1e-14)
    root = debiased_error(two_class(confidence), labels, bins, resamples=0).value
    assert root == pytest.approx(np.sqrt(max(expected, 0)), abs=1e-7)


def test_with_one_confidence_in_each_bin_it_is_the_published_formula() -> None:
    rng = np.random.default_rng(3)
    confidence, labels = rng.choice([0.55, 0.7, 0.9], 200), rng.integers(2, size=200)
    published = naive.naive_accuracy_debiased(confidence.tolist(), (labels == 0).astype(int).tolist(), 10)
    found = debiased_error(two_class(confidence), labels, 10, squared=True, resamples=0)
    assert found.value == pytest.approx(published, abs=1e-14)


def test_it_is_unbiased_where_confidences_vary_and_the_published_formula_is_not() -> None:
    """Fixed seed, 4000 data sets of a calibrated model with two bins: z-test of the mean against 0."""
    rng, ours, published = np.random.default_rng(4), [], []
    for _ in range(4000):
        confidence = rng.uniform(0.5, 1, 12)
        labels = (rng.random(12) >= confidence).astype(int)
        ours.append(debiased_error(two_class(confidence), labels, 4, squared=True, resamples=0).value)
        right = (labels == 0).astype(int).tolist()
        published.append(naive.naive_accuracy_debiased(confidence.tolist(), right, 4))
    z = [np.mean(x) / (np.std(x) / np.sqrt(4000)) for x in (ours, published)]
    assert abs(z[0]) < 3.5
    assert z[1] < -1.0


@pytest.mark.parametrize("shift", [0.0, 0.05, 0.2])
def test_interval_covers_a_known_error(shift: float) -> None:
    """Fixed seed, 200 data sets, error `shift` in every bin."""
    rng, covered = np.random.default_rng(6), 0
    for seed in range(200):
        confidence = rng.uniform(0.55, 0.95, 600)
        labels = (rng.random(600) >= confidence - shift).astype(int)
        found = debiased_error(two_class(confidence), labels, resamples=200, seed=seed)
        covered += found.low <= shift <= found.high
    assert covered / 200 > 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / 200)


def test_single_rows_contribute_nothing_and_the_ends_are_ordered() -> None:
    assert debiased_error(two_class(np.array([0.6, 0.8])), [0, 1], 15).value == 0
    probs, labels = two_class(np.full(50, 0.9)), [0] * 25 + [1] * 25
    found = debiased_error(probs, labels, squared=True)
    assert found.low <= found.value <= found.high
    assert debiased_error(probs, labels).value == pytest.approx(np.sqrt(found.value))


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="bins"):
        debiased_error([[0.5, 0.5]], [0], bins=0)
    with pytest.raises(ValueError, match="NaN"):
        debiased_error([[np.nan, 0.5]], [0])
