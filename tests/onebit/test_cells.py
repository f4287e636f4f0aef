"""Collapsing rows. Oracle: numpy.unique over rows, and a dictionary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.onebit import _cells


def _check(columns: list[np.ndarray]) -> None:
    first, index = _cells.collapse(columns)
    rows = np.stack(columns, axis=1)
    distinct = len({tuple(row + 0.0) for row in rows})
    if first is None:
        assert index is None
        return
    assert len(first) == distinct
    np.testing.assert_array_equal(rows[first][index], rows)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-2, 2)), min_size=2, max_size=300))
def test_cells_give_the_rows_back(pairs):
    _check([np.ascontiguousarray(x) for x in np.array(pairs, float).T * 0.1])


@pytest.mark.parametrize("distinct", [1, 7, 1000, 30_000])
def test_many_rows(distinct):
    rng = np.random.default_rng(0)
    values = rng.normal(size=distinct)
    x = values[rng.integers(0, distinct, 100_000)]
    _check([x, np.round(x, 1)])


def test_rows_that_differ_are_left_alone():
    x = np.random.default_rng(1).normal(size=100_000)
    assert _cells.collapse([x]) == (None, None)


def test_collisions_are_resolved(monkeypatch):
    """A hash that sends every row to one bucket still gives the exact cells."""
    monkeypatch.setattr(_cells, "_hash", lambda columns, turn, bits: np.zeros(columns[0].size, np.int64))
    rng = np.random.default_rng(2)
    for distinct in (3, 50):
        _check([rng.integers(0, distinct, 500) * 0.5])


def test_a_periodic_sample_does_not_deceive():
    size = 4 * _cells.SAMPLE
    x = np.zeros(size)
    x[1::4] = np.arange(size // 4)  # the sample of every fourth row sees one value only
    first, index = _cells.collapse([x])
    assert first is not None
    assert index is not None
    assert len(first) == size // 4
    np.testing.assert_array_equal(x[first][index], x)


def test_signed_zeros_are_one_value():
    first, _ = _cells.collapse([np.array([0.0, -0.0, 0.0, -0.0])])
    assert first is not None
    assert len(first) == 1
