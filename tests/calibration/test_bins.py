"""Bins of confidences; oracle: a loop over bins that compares with every edge."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focalbook.calibration import bins as module
from focalbook.calibration.bins import bin_edges, bin_index, check_binning, index_between, mass_edges

_spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "naive.py")
assert _spec is not None
assert _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)


@pytest.mark.parametrize("bins", [1, 2, 3, 5, 10, 15, 16, 49, 100])
def test_every_edge_and_its_neighbours_fall_where_the_loop_puts_them(bins: int) -> None:
    edges = bin_edges(bins)
    points = np.unique(np.concatenate([edges, np.nextafter(edges, 0), np.nextafter(edges, 1)]))
    points = points[(points >= 0) & (points <= 1)]
    expected = [naive.naive_bin(float(p), bins) for p in points]
    assert bin_index(points, bins).tolist() == expected
    assert index_between(points, edges).tolist() == expected


@given(st.floats(0, 1), st.integers(1, 1000))
@settings(max_examples=300, deadline=None)
def test_any_confidence_falls_where_the_loop_puts_it(confidence: float, bins: int) -> None:
    assert bin_index(np.array([confidence]), bins)[0] == naive.naive_bin(confidence, bins)


def test_zero_is_in_the_first_bin_and_rounding_above_one_in_the_last() -> None:
    """Top-label confidences are positive, but the binning itself must not drop 0 (a naive (lo, hi] does)."""
    points = np.array([0.0, 1.0, 1.0 + 1e-5])
    assert bin_index(points, 15).tolist() == [0, 14, 14]
    assert index_between(points, bin_edges(15)).tolist() == [0, 14, 14]


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(0).random(1000)
    whole = bin_index(points, 15)
    monkeypatch.setattr(module, "_CHUNK", 7)
    assert np.array_equal(bin_index(points, 15), whole)


@pytest.mark.parametrize(("n", "bins"), [(10, 3), (100, 15), (15, 15), (7, 1), (1, 1)])
def test_bins_of_equal_mass_differ_by_one_row_at_most(n: int, bins: int) -> None:
    points = np.random.default_rng(n).random(n)
    edges = mass_edges(points, bins)
    count = np.bincount(index_between(points, edges), minlength=bins)
    assert len(edges) == bins + 1
    assert count.sum() == n
    assert count.max() - count.min() <= 1


def test_equal_confidences_stay_in_one_bin() -> None:
    points = np.array([0.3] * 6 + [0.7] * 2 + [1.0] * 4)
    edges = mass_edges(points, 6)
    assert edges.tolist() == [0.0, 0.3, 0.7, 1.0]
    assert index_between(points, edges).tolist() == [0] * 6 + [1] * 2 + [2] * 4
    assert mass_edges(np.ones(5), 5).tolist() == [0.0, 1.0]


def test_more_bins_than_rows_and_unknown_bins_are_refused() -> None:
    with pytest.raises(ValueError, match="15 bins of equal mass need at least as many rows, got 3"):
        mass_edges(np.array([0.1, 0.2, 0.3]), 15)
    with pytest.raises(ValueError, match="binning must be one of width, mass, got 'equal'"):
        check_binning("equal")
