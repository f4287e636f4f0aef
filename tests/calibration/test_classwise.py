"""Classwise calibration error; oracles: plain loops, a population with a known error."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from focalbook.calibration import calibration_error, classwise_error

_spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "naive.py")
assert _spec is not None
assert _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)


@pytest.mark.parametrize("bins", [1, 10, 15])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_agrees_with_plain_loops(bins: int, dtype: type) -> None:
    rng = np.random.default_rng(bins)
    probs, labels = rng.dirichlet(np.full(4, 0.4), 120).astype(dtype), rng.integers(4, size=120)
    probs[0] = [1, 0, 0, 0]
    expected = naive.naive_classwise(probs.astype(float).tolist(), labels.tolist(), bins)
    assert classwise_error(probs, labels, bins, resamples=0).value == pytest.approx(expected, abs=1e-14)


def test_of_two_classes_both_are_off_by_the_same() -> None:
    """With one bin for each class, classwise error and |mean probability - frequency| are one number."""
    probs = np.array([[0.9, 0.1], [0.7, 0.3], [0.4, 0.6]])
    assert classwise_error(probs, [0, 1, 1], 1).value == pytest.approx(2 / 3 - 1 / 3)


def test_label_distributions_and_calibrated_predictions() -> None:
    probs = np.random.default_rng(0).dirichlet(np.ones(3), 60)
    assert classwise_error(probs, probs).value == pytest.approx(0, abs=1e-15)
    assert classwise_error(np.ones((4, 1)), [0] * 4).value == 0


def test_bins_of_equal_mass_are_over_each_class() -> None:
    rng = np.random.default_rng(1)
    probs, labels = rng.dirichlet(np.ones(3), 31), rng.integers(3, size=31)
    expected = 0.0
    for k in range(3):
        order = np.argsort(probs[:, k])
        for rows in np.split(order, [-(-31 * b // 4) for b in range(1, 4)]):
            expected += abs((probs[rows, k] - (labels[rows] == k)).sum()) / 93
    assert classwise_error(probs, labels, 4, binning="mass", resamples=0).value == pytest.approx(expected)
    with pytest.raises(ValueError, match="at least as many rows"):
        classwise_error(probs, labels, 32, binning="mass")


@pytest.mark.parametrize("off", [0.0, 0.25])
def test_interval_covers_a_known_error(off: float) -> None:
    """Fixed seed, 150 data sets: the probability of class 1 is too large by `off` everywhere.

    Predictions are three values in different bins, so that the binned error is `off` exactly.
    """
    rng, covered = np.random.default_rng(5), 0
    for seed in range(150):
        first = rng.choice([0.3, 0.45, 0.7], 300)
        labels = (rng.random(300) < 1 - first - off).astype(int)  # class 1 has 1 - first, less off
        found = classwise_error(np.stack([first, 1 - first], axis=1), labels, resamples=200, seed=seed)
        covered += found.low <= off <= found.high
    assert covered / 150 > 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / 150)


def test_more_rows_than_blocks_give_intervals_of_the_same_width() -> None:
    import focalbook.calibration.blocks as module

    rng = np.random.default_rng(3)
    probs = rng.dirichlet(np.ones(3), 6000)
    labels = rng.integers(3, size=6000)
    blocked = classwise_error(probs, labels, resamples=500)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST", 6000)
        exact = classwise_error(probs, labels, resamples=500)
    assert blocked.value == exact.value
    assert blocked.high - blocked.low == pytest.approx(exact.high - exact.low, rel=0.2)


def test_bad_input_is_refused() -> None:
    for kwargs, message in (
        ({"bins": 0}, "bins"),
        ({"binning": "other"}, "binning"),
        ({"level": 2.0}, "level"),
    ):
        with pytest.raises(ValueError, match=message):
            classwise_error([[0.5, 0.5]], [0], **kwargs)
    with pytest.raises(ValueError, match="sums to"):
        classwise_error([[0.5, 0.6]], [0])
    assert calibration_error([[0.5, 0.5]], [0]).value == classwise_error([[0.5, 0.5]], [0]).value
