"""Rank correlations. Oracles: SciPy's Spearman, Page's trend test, enumeration, residual ranks."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from focalbook.campaigns.rank_study import partial_rank_correlation, rank_correlation, spearman


def test_spearman_is_that_of_scipy_with_ties() -> None:
    rng = np.random.default_rng(0)
    for n in (3, 4, 6, 30):
        x, y = rng.integers(0, 5, n).astype(float), rng.normal(size=n)
        x[:2] = 0, 4
        assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)
    assert math.isnan(spearman(np.ones(5), np.arange(5.0)))
    assert math.isnan(spearman(np.arange(2.0), np.arange(2.0)))


def test_p_is_that_of_all_permutations_within_rows() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
    found = rank_correlation(x, y)
    seen = abs(sum(stats.spearmanr(a, b).statistic for a, b in zip(x, y, strict=True)))
    orders = list(itertools.permutations(range(4)))
    far = sum(
        abs(stats.spearmanr(x[0], y[0][list(a)]).statistic + stats.spearmanr(x[1], y[1][list(b)]).statistic)
        >= seen - 1e-9
        for a in orders
        for b in orders
    )
    assert found.p == pytest.approx(far / len(orders) ** 2)
    assert found.points == 8


def test_with_gamma_it_is_pages_trend_test() -> None:
    y = np.array([[1.0, 3, 2, 4], [1, 2, 4, 3], [2, 1, 3, 4]])
    x = np.tile(np.arange(4.0), (3, 1))
    one_sided = stats.page_trend_test(y, method="exact").pvalue
    assert rank_correlation(x, y).p == pytest.approx(2 * one_sided)  # the distribution is symmetric


def test_interval_is_students_over_rows_and_stays_within_bounds() -> None:
    y = np.array([[1.0, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4]])
    found = rank_correlation(np.tile(np.arange(4.0), (3, 1)), y)
    low, _ = stats.t.interval(0.95, 2, np.mean(found.rows), stats.sem(found.rows))
    assert (found.mean.low, found.mean.high) == (pytest.approx(low), 1.0)
    assert found.coverage == 0.75
    assert str(found).startswith("+0.87 [")


def test_agreeing_and_missing_rows() -> None:
    ladder = np.tile(np.arange(4.0), (3, 1))
    assert rank_correlation(ladder, -ladder).p == pytest.approx(2 / 24**3)
    assert str(rank_correlation(ladder, -ladder)).startswith("-1.00 in each of 3 seeds")
    assert "in one seed" in str(rank_correlation(ladder[:1], ladder[:1]))
    holes = ladder.copy()
    holes[0, :2] = np.nan
    found = rank_correlation(holes, ladder)
    assert (len(found.rows), found.points) == (2, 8)
    nothing = rank_correlation(np.full((2, 4), np.nan), ladder[:2])
    assert (nothing.points, nothing.coverage, str(nothing)) == (0, 0.0, "undefined")
    with pytest.raises(ValueError, match="one shape"):
        rank_correlation(ladder, ladder[:2])


def test_many_points_are_drawn_close_to_the_normal_limit() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(1, 40)), rng.normal(size=(1, 40))
    assert rank_correlation(x, y).p == pytest.approx(stats.spearmanr(x[0], y[0]).pvalue, abs=0.02)


def test_partial_is_the_correlation_of_residual_ranks() -> None:
    rng = np.random.default_rng(3)
    z = rng.normal(size=40)
    x, y = z + rng.normal(size=40), z + rng.normal(size=40)
    ranks = [stats.rankdata(v) for v in (x, y, z)]
    left = [r - np.polyval(np.polyfit(ranks[2], r, 1), ranks[2]) for r in ranks[:2]]
    found = partial_rank_correlation(x, y, z)
    assert found.value == pytest.approx(np.corrcoef(*left)[0, 1])
    assert found.low < found.value < found.high
    half = 1.959964 * math.sqrt(1.06 / 36)
    assert math.atanh(found.high) - math.atanh(found.value) == pytest.approx(half, rel=1e-6)


def test_partial_interval_covers_zero_where_the_third_explains_all() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(300):
        z = rng.normal(size=18)
        found = partial_rank_correlation(z + rng.normal(size=18), z + rng.normal(size=18), z)
        held += found.low <= 0.0 <= found.high
    assert (
        abs(held - 285) < 4 * math.sqrt(300 * 0.95 * 0.05) + 6
    )  # nominal 95 %, and the formula is approximate


def test_partial_says_when_it_cannot_tell() -> None:
    z = np.arange(12.0)
    assert math.isnan(partial_rank_correlation(z, np.sin(z), z).value)
    assert partial_rank_correlation(z[:5], np.sin(z[:5]), np.cos(z[:5])).n == 5
    assert math.isnan(partial_rank_correlation(z[:5], np.sin(z[:5]), np.cos(z[:5])).value)
    with pytest.raises(ValueError, match="one shape"):
        partial_rank_correlation(z, z[:3], z)
