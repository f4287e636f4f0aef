"""Draws. Oracle: moments of the binomial law by fixed-seed z-tests."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.onebit import simulate


def test_counts_have_the_mean_and_the_variance_of_the_binomial_law():
    p, n, r = np.array([0.01, 0.4, 0.9]), np.array([1000, 50, 7]), 20_000
    counts = simulate.draw_counts(p, n, r, rng=1)
    assert counts.shape == (r, 3)
    variance = n * p * (1 - p)
    assert (np.abs(counts.mean(axis=0) - n * p) < 4 * np.sqrt(variance / r)).all()
    assert (np.abs(counts.var(axis=0) / variance - 1) < 4 * np.sqrt(3 / r)).all()


def test_bits_have_their_probabilities():
    p = np.repeat([0.2, 0.7], 20_000)
    bits = simulate.draw_bits(p, rng=2).reshape(2, -1)
    assert bits.dtype == bool
    assert (np.abs(bits.mean(axis=1) - [0.2, 0.7]) < 4 * np.sqrt(0.25 / 20_000)).all()


def test_a_seed_repeats_and_a_generator_goes_on():
    again = [simulate.draw_counts([0.5], [100], 3, rng=7) for _ in range(2)]
    np.testing.assert_array_equal(*again)
    generator = np.random.default_rng(7)
    draws = [simulate.draw_counts([0.5], [100], 3, generator) for _ in range(2)]
    assert (draws[0] != draws[1]).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simulate.draw_counts([1.5], [3], 1, 0), r"probability must lie in \[0, 1\], got 1.5"),
        (lambda: simulate.draw_counts([0.5], [2.5], 1, 0), "trials must be whole numbers"),
        (lambda: simulate.draw_counts([0.5], [3], 0, 0), "replicates must be at least 1"),
        (lambda: simulate.draw_bits([np.nan], 0), r"probability must lie in \[0, 1\], got nan"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
