"""Distances, medians and means with intervals; oracles: hand-worked rows, plain loops, known coverage."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.measures import (
    mean_log_ratio,
    over_seeds,
    positions,
    total_variation,
    weighted_median,
)


def test_distances_of_a_hand_worked_row() -> None:
    a, b = np.array([[0.5, 0.5, 0.0]]), np.array([[0.2, 0.3, 0.5]])
    assert total_variation(a, b)[0] == pytest.approx(0.5)
    assert mean_log_ratio(np.array([0.2, 0.8]), np.array([0.4, 0.4])) == pytest.approx(np.log(2))


def test_total_variation_is_the_largest_difference_over_events() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.dirichlet(np.ones(5), 2)
    events = [[(s >> k) & 1 for k in range(5)] for s in range(32)]
    assert total_variation(a, b) == pytest.approx(max(np.dot(e, a - b) for e in events))


def test_positions_are_zero_one_and_between() -> None:
    rng = np.random.default_rng(1)
    start, end = rng.dirichlet(np.ones(4), (2, 6))
    share = np.linspace(-0.5, 2, 6)
    between = start + share[:, None] * (end - start)
    np.testing.assert_allclose(positions(between, start, end), share, atol=1e-12)
    aside = np.cross([0.3, 0.3, 0.4], [1.0, 0.0, -1.0])  # orthogonal to the line below
    moved = positions(np.array([0.3, 0.3, 0.4]) + aside, np.array([0.3, 0.3, 0.4]), np.array([0.4, 0.3, 0.3]))
    assert moved == pytest.approx(0, abs=1e-12)


def naive_weighted_median(values: list[float], weights: list[float]) -> float:
    reached = 0.0
    for value, weight in sorted(zip(values, weights, strict=True)):
        reached += weight
        if reached >= sum(weights) / 2:
            return value
    raise AssertionError("no weight")


def test_weighted_median_agrees_with_a_loop() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        values, weights = rng.normal(size=31), rng.random(31)
        found = weighted_median(values, weights, resamples=2)
        assert found.value == naive_weighted_median(values.tolist(), weights.tolist())
        assert found.n == 31


def test_equal_weights_give_the_ordinary_median() -> None:
    values = np.random.default_rng(3).normal(size=101)
    assert weighted_median(values, np.ones(101), resamples=2).value == np.median(values)


def test_outliers_of_little_weight_do_not_matter() -> None:
    values = np.concatenate([np.zeros(90), np.full(10, 1e6)])
    found = weighted_median(values, np.ones(100), resamples=200)
    assert (found.value, found.high) == (0.0, 0.0)


def test_interval_of_the_median_covers_it() -> None:
    """Fixed seed, 200 samples of a normal distribution: about 95 % of the intervals contain its median, 0."""
    rng = np.random.default_rng(4)
    covered = 0
    for seed in range(200):
        found = weighted_median(rng.normal(size=150), np.ones(150), resamples=200, seed=seed)
        covered += found.low <= 0 <= found.high
    assert abs(covered / 200 - 0.95) < 3.5 * np.sqrt(0.95 * 0.05 / 200)


def test_interval_over_seeds_is_students() -> None:
    found = over_seeds([1.0, 2.0, 3.0, 4.0])
    assert found.value == 2.5
    assert found.high - found.value == pytest.approx(3.182446 * np.sqrt(5 / 3) / 2, rel=1e-6)
    assert np.isnan(over_seeds([1.0]).low)
