"""Smooth calibration error; oracles: quadrature with a Gaussian summed over its images, closed forms."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from focalbook.calibration import smooth_error

_spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "naive.py")
assert _spec is not None
assert _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)


def two_class(confidence: np.ndarray) -> np.ndarray:
    return np.stack([confidence, 1 - confidence], axis=1)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_agrees_with_quadrature(seed: int) -> None:
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.5, 1, 20)
    labels = (rng.random(20) > confidence - 0.1 * seed).astype(int)
    gap = (confidence - (labels == 0)).tolist()
    expected = brentq(
        lambda w: naive.naive_smooth(confidence.tolist(), gap, w, 400) - w, 0.005, 0.9, xtol=1e-7
    )
    assert smooth_error(two_class(confidence), labels, resamples=0).value == pytest.approx(expected, abs=2e-5)


def test_gaps_of_one_sign_give_the_mean_gap() -> None:
    """The kernel has integral one, so nothing is cancelled: closed form."""
    probs = two_class(np.array([0.6, 0.8, 1.0]))
    assert smooth_error(probs, [1, 1, 1], resamples=0).value == pytest.approx(0.8, abs=1e-6)
    assert smooth_error(probs, [0, 0, 0], resamples=0).value == pytest.approx(0.2, abs=1e-6)


def test_it_is_continuous_where_bins_are_not() -> None:
    """Confidences on the two sides of an edge; moving all to one side changes almost nothing."""
    labels = [0, 1] * 20
    apart = two_class(0.6 + 1e-9 * np.array([-1, 1] * 20))
    together = two_class(np.full(40, 0.6 - 1e-9))
    values = [smooth_error(p, labels, resamples=0).value for p in (apart, together)]
    assert values[0] == pytest.approx(values[1], abs=1e-6)


def test_perfect_predictions_have_almost_none() -> None:
    probs = np.random.default_rng(1).dirichlet(np.ones(3), 50)
    assert smooth_error(probs, probs, resamples=0).value < 1e-12
    assert smooth_error(np.ones((3, 1)), [0, 0, 0]).value == 0


@pytest.mark.parametrize("shift", [0.0, 0.2])
def test_interval_covers_a_known_error(shift: float) -> None:
    """Gaps of one sign have a smooth error equal to the mean gap; 120 data sets with a fixed seed."""
    rng, covered = np.random.default_rng(8), 0
    for seed in range(120):
        confidence = rng.uniform(0.55, 0.95, 400)
        labels = (rng.random(400) >= confidence - shift).astype(int)
        found = smooth_error(two_class(confidence), labels, resamples=60, seed=seed)
        covered += found.low <= shift <= found.high
    assert covered / 120 > 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / 120)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="level"):
        smooth_error([[0.5, 0.5]], [0], level=0.0)
    with pytest.raises(ValueError, match="no rows"):
        smooth_error(np.empty((0, 2)), np.empty(0, dtype=int))
