"""Tolerances against the sums that rounding really leaves behind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.io.decimals import text_tolerance
from tests.io.samples import rows


def written(q: np.ndarray, style: str) -> list[list[bytes]]:
    return [[(style % float(x)).encode() for x in row] for row in q]


@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 200),
    st.sampled_from(["%.3f", "%.4f", "%.6f", "%.9f", "%.4g", "%.6g", "%.3e", "%.6e", "%.9g", "%r"]),
)
def test_rounded_rows_are_accepted(seed: int, classes: int, style: str) -> None:
    """Oracle: the sums of the numbers as written; the tolerance may only be short where it is capped."""
    text = written(rows(40, classes, seed), style)
    sums = np.array([[float(x) for x in row] for row in text]).sum(axis=1)
    tolerance = text_tolerance([x for row in text for x in row], classes)
    assert np.abs(sums - 1).max() <= tolerance or tolerance == 0.05


@pytest.mark.parametrize(
    ("style", "classes", "expected"),
    [
        ("%.4f", 10, 5e-4),  # ten classes, half a unit of the fourth decimal each
        ("%.6f", 10, 1e-4),  # not below what single precision explains
        ("%.4g", 2, 5e-4),  # half a unit of the fourth digit, relative to a sum of one
        ("%.17g", 10, 1e-6),
        ("%.1f", 100, 0.05),
    ],
)
def test_values(style: str, classes: int, expected: float) -> None:
    text = written(rows(100, classes), style)
    assert text_tolerance([x for row in text for x in row], classes) == pytest.approx(expected)


def test_real_errors_are_refused() -> None:
    """A class left out of a four-decimal file shows: its mass is larger than the tolerance in some row."""
    q = rows(100, 10)
    text = written(q[:, :9], "%.4f")
    sums = np.array([[float(x) for x in row] for row in text]).sum(axis=1)
    assert np.abs(sums - 1).max() > 100 * text_tolerance([x for row in text for x in row], 9)


def test_nothing_to_go_by() -> None:
    assert text_tolerance([], 3) == 1e-6
    assert text_tolerance([b"abc", b""], 3) == 1e-6
