"""Bootstrap of means; oracles: the textbook standard error, a plain loop over resamples."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.calibration import estimate
from focalbook.calibration.estimate import Estimate, calibrated_means, mean_estimate, resampled_means


def test_interval_of_a_mean_has_the_textbook_width() -> None:
    values = np.random.default_rng(0).normal(size=2000)
    found = mean_estimate(values, 0.95, 4000, seed=1)
    assert found.value == values.mean()
    expected = 2 * 1.96 * values.std() / np.sqrt(2000)
    assert found.high - found.low == pytest.approx(expected, rel=0.06)
    assert found.n == 2000


def test_grouped_sums_are_those_of_a_loop() -> None:
    rng = np.random.default_rng(2)
    values, groups = rng.normal(size=30), rng.integers(3, size=30)
    found = resampled_means(values, groups, 3, 50, np.random.default_rng(9))
    drawn = np.random.default_rng(9).integers(30, size=(50, 30))
    for row, indices in zip(found, drawn, strict=True):
        expected = [sum(values[i] for i in indices if groups[i] == g) / 30 for g in range(3)]
        np.testing.assert_allclose(row, expected, atol=1e-15)


def test_chunks_leave_no_row_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "_CHUNK", 70)
    found = resampled_means(np.ones(30), np.zeros(30, dtype=int), 1, 7, np.random.default_rng(0))
    assert np.array_equal(found, np.ones((7, 1)))


def test_normal_limit_has_the_right_mean_and_covariance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fixed-seed z-test of both moments against exact resampling."""
    rng = np.random.default_rng(4)
    values, groups = rng.normal(1.0, 1.0, 500), rng.integers(2, size=500)
    exact = resampled_means(values, groups, 2, 20_000, np.random.default_rng(5))
    monkeypatch.setattr(estimate, "EXACT_UP_TO", 10)
    limit = resampled_means(values, groups, 2, 20_000, np.random.default_rng(6))
    spread = exact.std(axis=0)
    assert (np.abs(limit.mean(0) - exact.mean(0)) / (spread * np.sqrt(2 / 20_000)) < 4).all()
    np.testing.assert_allclose(np.cov(limit.T), np.cov(exact.T), atol=4 * spread.max() ** 2 / np.sqrt(5000))


@pytest.mark.parametrize("exact_up_to", [10, 20_000])
def test_calibrated_sums_have_mean_zero_and_binomial_variance(
    exact_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "EXACT_UP_TO", exact_up_to)
    confidence, groups = np.array([0.5, 0.9, 0.8, 0.6] * 25), np.array([0, 1, 1, 0] * 25)
    found = 100 * calibrated_means(confidence, groups, 2, 20_000, np.random.default_rng(0))
    variance = np.array([25 * (0.25 + 0.24), 25 * (0.09 + 0.16)])
    assert (np.abs(found.mean(0)) < 4 * np.sqrt(variance / 20_000)).all()
    np.testing.assert_allclose(found.var(0), variance, rtol=4 * np.sqrt(2 / 20_000))


def test_an_infinite_value_makes_everything_infinite() -> None:
    found = mean_estimate(np.array([1.0, np.inf]), 0.95, 10, 0)
    assert (found.value, found.low, found.high) == (np.inf, np.inf, np.inf)


def test_text_shows_value_and_interval() -> None:
    assert str(Estimate(0.5, 0.25, 0.75, 10)) == "0.5 [0.25, 0.75]"
