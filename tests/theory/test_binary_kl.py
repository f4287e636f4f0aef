"""Divergence of two coins and its inverse. Oracle: 50-digit arithmetic."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focalbook.theory import pacbayes as pb


def mp_kl(a: float, b: float) -> mp.mpf:
    x, y = mp.mpf(a), mp.mpf(b)
    first = x * mp.log(x / y) if x else mp.mpf(0)
    return first + ((1 - x) * mp.log((1 - x) / (1 - y)) if x < 1 else 0)


@pytest.mark.parametrize("a", [0.0, 1e-300, 1e-12, 1e-3, 0.3, 0.5, 0.999, 1 - 1e-12, 1.0])
def test_binary_kl_against_fifty_digits(a):
    with mp.workdps(50):
        for b in (1e-9, 0.1, 0.30001, 0.3 + 1e-9, 0.5, 0.9, 1 - 1e-9):
            exact = mp_kl(a, b)
            assert abs(pb.binary_kl(a, b) - exact) <= 1e-13 * abs(exact) + 1e-30


def test_binary_kl_at_the_corners():
    np.testing.assert_array_equal(pb.binary_kl([0, 1, 0, 1, 0.5], [0, 1, 1, 0, 1]), [0, 0, *[np.inf] * 3])
    assert pb.binary_kl(0.0, 0.25) == pytest.approx(-np.log(0.75), rel=1e-15)


@given(a=st.floats(0, 1), level=st.floats(1e-18, 30))
@settings(max_examples=200, deadline=None)
def test_inverse_solves_the_equation(a, level):
    b = float(pb.kl_inverse(a, level))
    assert a <= b <= 1
    with mp.workdps(50):
        if a < b < 1 - 1e-9:  # elsewhere b cannot be told from its neighbours
            step = max(mp.mpf(b - a) * mp.mpf(1e-9), mp.mpf(b) * mp.mpf(4e-16))
            assert mp_kl(a, mp.mpf(b) - step) <= level <= mp_kl(a, min(mp.mpf(b) + step, mp.mpf(1) - 1e-30))


def test_inverse_of_small_levels_has_full_precision():
    for a, level in ((0.3, 1e-9), (1e-9, 1e-9), (1e-12, 1e-18), (0.0, 0.01)):
        b = mp.mpf(float(pb.kl_inverse(a, level)))
        with mp.workdps(50):
            assert abs(mp_kl(a, b) / level - 1) < 1e-9


def test_inverse_at_the_edges():
    np.testing.assert_array_equal(pb.kl_inverse([0.0, 0.4, 1.0], 0.0), [0.0, 0.4, 1.0])
    np.testing.assert_array_equal(pb.kl_inverse([0.0, 0.4, 1.0], np.inf), 1.0)
    assert pb.kl_inverse(0.2, [0.1, 0.2, 0.3]).shape == (3,)
