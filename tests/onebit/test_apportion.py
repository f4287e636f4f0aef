"""Rounding of shares to bits. Oracles: an example by hand, and what every rounding keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.onebit import design


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(8, 500))
def test_apportionment(weights: list[float], bits: int) -> None:
    w = np.array(weights)
    w[0] += 0.1
    counts = design.apportion(w, bits)
    assert counts.sum() == bits
    assert ((counts > 0) == (w > 0)).all()
    share = w / w.sum() * bits
    assert (np.abs(counts - share) <= w.size).all()


def test_by_hand() -> None:
    """Oracle: (n - l/2) w rounded up is 2, 1, 1 of 3; the first gives one back."""
    assert design.apportion([0.6, 0.2, 0.2], 4).tolist() == [2, 1, 1]
    assert design.apportion([3, 1, 0], 400).tolist() == [300, 100, 0]


@pytest.mark.parametrize(
    ("weights", "bits", "message"),
    [
        ([0.5, 0.5], 1, "do not serve"),
        ([0.0], 1, "shares"),
        ([-1.0, 2.0], 5, "shares"),
        ([1.0], 2.5, "whole"),
    ],
)
def test_bad_input_is_refused(weights: list[float], bits: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        design.apportion(weights, bits)  # type: ignore[arg-type]
