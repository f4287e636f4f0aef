"""Decomposition of the Brier score; oracles: plain loops for every event, the score itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from focalbook.calibration import brier, brier_decomposition

_spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "naive.py")
assert _spec is not None
assert _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)

PARTS = ("score", "reliability", "resolution", "uncertainty", "within")


def values(parts: object) -> np.ndarray:
    return np.array([getattr(parts, name).value for name in PARTS])


@pytest.mark.parametrize("bins", [1, 10, 15])
@pytest.mark.parametrize("soft", [False, True])
def test_agrees_with_plain_loops_and_adds_up(bins: int, soft: bool) -> None:
    rng = np.random.default_rng(bins)
    probs, labels = rng.dirichlet(np.full(3, 0.5), 80), rng.integers(3, size=80)
    truth = rng.dirichlet(np.ones(3), 80) if soft else np.eye(3)[labels]
    found = brier_decomposition(probs, truth if soft else labels, bins, resamples=0)
    expected = sum(np.array(naive.naive_decomposition(probs[:, k], truth[:, k], bins)) for k in range(3))
    np.testing.assert_allclose(values(found), expected, atol=1e-14)
    score, reliability, resolution, uncertainty, within = values(found)
    assert score == pytest.approx(reliability - resolution + uncertainty + within, abs=1e-15)
    assert score == pytest.approx(brier(probs, truth if soft else labels, resamples=0).value, abs=1e-14)


def test_of_the_top_label() -> None:
    rng = np.random.default_rng(2)
    probs, labels = rng.dirichlet(np.ones(4), 60), rng.integers(4, size=60)
    right = (probs.argmax(axis=1) == labels).astype(float)
    found = brier_decomposition(probs, labels, of="top", resamples=0)
    np.testing.assert_allclose(
        values(found), naive.naive_decomposition(probs.max(axis=1), right, 15), atol=1e-14
    )


def test_few_values_have_nothing_within_bins_and_one_class_has_nothing_at_all() -> None:
    found = brier_decomposition([[0.75, 0.25]] * 4, [0, 0, 0, 1], resamples=0)
    np.testing.assert_allclose(values(found), [0.375, 0, 0, 0.375, 0], atol=1e-15)
    assert (values(brier_decomposition(np.ones((3, 1)), [0] * 3)) == 0).all()


def test_intervals_cover_the_population() -> None:
    """Three forecasts in three bins with known frequencies: closed forms; 150 data sets with a fixed seed."""
    q, p, share = np.array([0.1, 0.5, 0.9]), np.array([0.3, 0.5, 0.7]), np.array([0.3, 0.4, 0.3])
    mean = share @ p
    score = 2 * share @ (q**2 - 2 * q * p + p)
    exact = [score, 2 * share @ (q - p) ** 2, 2 * share @ (p - mean) ** 2, 2 * mean * (1 - mean), 0.0]
    rng, covered = np.random.default_rng(9), np.zeros(5)
    for seed in range(150):
        kind = rng.choice(3, 400, p=share)
        labels = (rng.random(400) < p[kind]).astype(int)
        found = brier_decomposition(np.stack([1 - q[kind], q[kind]], 1), labels, resamples=200, seed=seed)
        covered += [
            getattr(found, name).low - 1e-12 <= e <= getattr(found, name).high + 1e-12
            for name, e in zip(PARTS, exact, strict=True)
        ]
    lowest = 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / 150)
    assert (covered[[0, 1, 2, 4]] / 150 > lowest).all(), covered / 150


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="of must be"):
        brier_decomposition([[0.5, 0.5]], [0], of="rows")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="bins"):
        brier_decomposition([[0.5, 0.5]], [0], bins=1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least as many rows"):
        brier_decomposition([[0.5, 0.5]], [0], binning="mass")
