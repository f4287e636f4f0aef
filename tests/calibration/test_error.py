"""Expected calibration error; oracle: plain loops over rows and bins, and populations with a known error."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from focalbook.calibration import calibration_error

_spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "naive.py")
assert _spec is not None
assert _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)


def two_class(confidence: np.ndarray) -> np.ndarray:
    return np.stack([confidence, 1 - confidence], axis=1)


def random_predictions(seed: int, n: int = 200, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(classes, 0.5), n), rng.integers(classes, size=n)


@pytest.mark.parametrize("bins", [1, 2, 7, 10, 15, 100])
@pytest.mark.parametrize("seed", [0, 1])
def test_agrees_with_plain_loops(bins: int, seed: int) -> None:
    probs, labels = random_predictions(seed)
    expected = naive.naive_ece(probs.tolist(), labels.tolist(), bins)
    assert calibration_error(probs, labels, bins, resamples=0).value == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("bins", [2, 10, 15])
def test_confidences_on_edges_zero_and_one(bins: int) -> None:
    """Confidence exactly on an edge, 1 together with other values of the last bin, mostly empty bins."""
    confidence = np.array([0.5, 0.6, 0.8, 12 / 15, 0.9, 1.0, 1.0, 1.0])
    probs = two_class(confidence)
    labels = np.array([0, 1, 0, 1, 0, 0, 1, 0])
    expected = naive.naive_ece(probs.tolist(), labels.tolist(), bins)
    assert calibration_error(probs, labels, bins, resamples=0).value == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("bins", [1, 2, 10, 15, 64])
def test_every_edge_in_both_precisions(bins: int, dtype: type) -> None:
    """Confidences on each edge from one half on and next to it, and one, against the loop."""
    edges = (np.arange(bins + 1) / bins).astype(dtype)
    around = np.concatenate([edges, np.nextafter(edges, dtype(0)), np.nextafter(edges, dtype(1))])
    confidence = np.unique(around[(around >= 0.5) & (around <= 1)])
    probs = two_class(confidence)
    labels = np.arange(len(probs)) % 2
    expected = naive.naive_ece(probs.astype(float).tolist(), labels.tolist(), bins)
    assert probs.dtype == dtype
    assert calibration_error(probs, labels, bins, resamples=0).value == pytest.approx(expected, abs=1e-14)


def test_bins_of_equal_mass_agree_with_a_loop_over_sorted_rows() -> None:
    probs, labels = random_predictions(11, n=97)
    order = np.argsort(probs.max(axis=1))
    groups = [g for g in np.split(order, [-(-97 * b // 10) for b in range(1, 10)]) if len(g)]
    gap = probs.max(axis=1) - (probs.argmax(axis=1) == labels)
    expected = sum(abs(sum(gap[i] for i in g)) for g in groups) / 97
    found = calibration_error(probs, labels, 10, binning="mass")
    assert found.value == pytest.approx(expected, abs=1e-14)
    assert found.low <= found.value <= found.high


def test_the_sums_over_chunks_are_those_of_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    import focalbook.calibration.error as module

    probs, labels = random_predictions(12, n=1000)
    whole = calibration_error(probs, labels)
    monkeypatch.setattr(module, "_ROWS", 13)
    assert calibration_error(probs, labels).value == pytest.approx(whole.value, abs=1e-15)


def test_one_class_and_fewer_rows_than_bins_have_their_limits() -> None:
    assert calibration_error(np.ones((4, 1)), [0, 0, 0, 0]).value == 0
    probs, labels = random_predictions(13, n=4)
    gap = np.abs(probs.max(axis=1) - (probs.argmax(axis=1) == labels))
    assert calibration_error(probs, labels, 10**6, resamples=0).value == pytest.approx(gap.mean())
    with pytest.raises(ValueError, match="at least as many rows"):
        calibration_error(probs, labels, 15, binning="mass")


def test_float32_is_compared_as_float64() -> None:
    confidence = np.array([0.6, 0.8, 0.9, 1.0, 0.7], dtype=np.float32)
    probs = two_class(confidence)
    labels = np.array([0, 0, 1, 0, 1])
    expected = naive.naive_ece(probs.astype(float).tolist(), labels.tolist(), 15)
    assert probs.dtype == np.float32
    assert calibration_error(probs, labels, resamples=0).value == pytest.approx(expected, abs=1e-15)


def test_label_distributions_give_the_error_without_label_noise() -> None:
    rng = np.random.default_rng(3)
    probs, _ = random_predictions(3, n=50)
    truth = rng.dirichlet(np.ones(4), 50)
    expected = naive.naive_ece(probs.tolist(), truth.tolist(), 15)
    assert calibration_error(probs, truth, resamples=0).value == pytest.approx(expected, abs=1e-14)
    assert calibration_error(probs, probs, resamples=0).value == pytest.approx(0, abs=1e-15)


def test_all_right_all_wrong_and_one_row() -> None:
    probs = two_class(np.array([0.8, 0.8]))
    assert calibration_error(probs, [0, 0]).value == pytest.approx(0.2)
    assert calibration_error(probs, [1, 1]).value == pytest.approx(0.8)
    single = calibration_error(probs[:1], [0])
    assert (single.n, single.value) == (1, pytest.approx(0.2))


def test_interval_contains_the_value_and_is_reproducible() -> None:
    probs, labels = random_predictions(5)
    one, two, other = (calibration_error(probs, labels, seed=s) for s in (1, 1, 2))
    assert one == two != other
    assert one.low <= one.value <= one.high
    assert np.isnan(calibration_error(probs, labels, resamples=0).low)


def known_error(rng: np.random.Generator, n: int, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Two-class predictions, right with probability confidence - shift: the error is exactly shift."""
    confidence = rng.uniform(0.55, 0.95, n)
    labels = (rng.random(n) >= confidence - shift).astype(int)
    return two_class(confidence), labels


@pytest.mark.parametrize("shift", [0.0, 0.2])
def test_interval_covers_a_known_error(shift: float) -> None:
    """Fixed seed, 200 data sets: coverage of the nominal 95 % at no and at strong miscalibration."""
    rng = np.random.default_rng(7)
    covered = 0
    for seed in range(200):
        found = calibration_error(*known_error(rng, 400, shift), resamples=200, seed=seed)
        covered += found.low <= shift <= found.high
    assert covered / 200 > 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / 200)


def test_normal_limit_agrees_with_resampling(monkeypatch: pytest.MonkeyPatch) -> None:
    import focalbook.calibration.estimate as module

    probs, labels = known_error(np.random.default_rng(1), 20_000, 0.1)
    exact = calibration_error(probs, labels, resamples=400)
    monkeypatch.setattr(module, "EXACT_UP_TO", 100)
    limit = calibration_error(probs, labels, resamples=400)
    width = exact.high - exact.low
    assert limit.value == exact.value
    assert abs(limit.low - exact.low) < 0.15 * width
    assert abs(limit.high - exact.high) < 0.15 * width


@pytest.mark.parametrize(
    ("probs", "labels", "kwargs", "message"),
    [
        ([0.5, 0.5], [0], {}, r"shape \(n, K\)"),
        (np.empty((0, 3)), np.empty(0, dtype=int), {}, "no rows"),
        ([[0.5, 0.6]], [0], {}, "sums to 1.1"),
        ([[0.5, 0.5]], [2], {}, r"label 2 of row 0 is not a class in 0 \.\. 1"),
        ([[0.5, 0.5]], [-1], {}, "label -1 of row 0"),
        ([[0.5, 0.5]], [0.0], {}, "labels must be integers"),
        ([[0.5, 0.5]], [0, 1], {}, r"labels must have shape \(1,\)"),
        ([[0.5, 0.5]], [[1.0]], {}, "do not fit probs"),
        ([[0.5, 0.5]], [0], {"bins": 0}, "bins must be an integer"),
        ([[0.5, 0.5]], [0], {"bins": 2.0}, "bins must be an integer"),
        ([[0.5, 0.5]], [0], {"level": 1.0}, "level must lie"),
        ([[0.5, 0.5]], [0], {"resamples": -1}, "resamples must be"),
        ([[np.nan, 0.5]], [0], {}, "NaN"),
        ([[1, 0]], [0], {}, "floats"),
    ],
)
def test_bad_input_is_refused(probs: object, labels: object, kwargs: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        calibration_error(probs, labels, **kwargs)  # type: ignore[arg-type]
