"""Existence and identifiability. Oracles: fractions, a linear programme, brute force over directions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.onebit import existence

CELLS = st.lists(
    st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.booleans(), st.booleans()), min_size=1, max_size=7
)


def _brute_force(design: np.ndarray, ones: np.ndarray, zeros: np.ndarray) -> bool:
    """Overlap by trying every direction at right angles to some cell: an edge of the cone is one of them."""
    signed = [tuple(map(Fraction, map(float, x))) for x in [*design[ones], *-design[zeros]]]
    if not signed:
        return False
    candidates = [(-y, x) for x, y in signed] + [(y, -x) for x, y in signed] + [(Fraction(1), Fraction(0))]
    inside = [d for d in candidates if d != (0, 0) and all(x * d[0] + y * d[1] >= 0 for x, y in signed)]
    return not inside


@given(CELLS)
def test_plane_agrees_with_exact_brute_force(cells):
    design = np.array([c[:2] for c in cells], float)
    ones, zeros = np.array([c[2] for c in cells]), np.array([c[3] for c in cells])
    found = existence.overlap_plane(design, ones[None], zeros[None])[0]
    assert found == _brute_force(design, ones, zeros)


@given(CELLS)
def test_plane_agrees_with_the_linear_programme(cells):
    design = np.array([c[:2] for c in cells], float)
    ones, zeros = np.array([c[2] for c in cells]), np.array([c[3] for c in cells])
    seen = (ones | zeros) & (design != 0).any(axis=1)
    if np.linalg.matrix_rank(design[seen]) < 2:
        return
    found = existence.overlap_plane(design[seen], ones[None, seen], zeros[None, seen])
    np.testing.assert_array_equal(
        found, existence.overlap_program(design[seen], ones[None, seen], zeros[None, seen])
    )


def test_plane_takes_many_patterns_at_once():
    design = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, -1.0]])
    patterns = np.array(list(product([False, True], repeat=6)))
    ones, zeros = patterns[:, :3], patterns[:, 3:]
    together = existence.overlap_plane(design, ones, zeros)
    single = [_brute_force(design, one, zero) for one, zero in zip(ones, zeros, strict=True)]
    np.testing.assert_array_equal(together, single)


def test_slopes_that_round_to_one_number_are_told_apart():
    """0.1 + 0.2 and 0.3 differ; 0.1/0.3 and 0.2/0.6 as stored numbers have the same exact ratio."""
    design = np.array([[0.3, 0.1], [0.6, 0.2], [3.0, 1.0]])
    rank, _, lines = existence._positions(design[:, 0], design[:, 1])
    exact = [Fraction(float(y)) / Fraction(float(x)) for x, y in design]
    assert lines == len(set(exact))
    assert [sorted(set(exact)).index(e) for e in exact] == rank.tolist()


@given(st.integers(0, 10**6), st.floats(0.5, 1.5), st.floats(0, 6.3))
def test_the_first_look_is_never_wrong(seed, width, middle):
    """Large designs whose vectors fill an arc of width pi times `width`; oracle: the exact ranks."""
    rng = np.random.default_rng(seed)
    angle = middle + np.pi * width * (rng.random(2 * existence.SECTORS) - 0.5)
    design = np.column_stack([np.cos(angle), np.sin(angle)])
    ones = rng.random((3, len(angle))) < 0.9
    zeros = rng.random((3, len(angle))) < np.array([[0.0], [0.001], [0.5]])
    exact = existence._overlap_by_rank(design, ones, zeros)
    assert (existence._surely_overlap(design, ones, zeros) <= exact).all()
    np.testing.assert_array_equal(existence.overlap_plane(design, ones, zeros), exact)


def test_line():
    x = np.array([1.0, 1.0, -2.0])
    true, false = np.array([[True, False, False]]), np.array([[False, False, False]])
    assert not existence.overlap_line(x, true, false)[0]
    assert existence.overlap_line(x, true, true)[0]
    assert existence.overlap_line(x, np.array([[True, False, True]]), false)[0]
    np.testing.assert_array_equal(existence.overlap(x[:, None], true, true), [True])


def test_programme_in_three_dimensions():
    rng = np.random.default_rng(0)
    design = np.column_stack([np.ones(40), rng.normal(size=(40, 2))])
    score = design @ [0.2, 1.0, -1.0]
    separated = score > 0
    flipped = separated ^ (np.abs(score) < 0.5)  # some near the border on the wrong side, on both of them
    ones = np.stack([separated, flipped])
    np.testing.assert_array_equal(existence.overlap(design, ones, ~ones), [False, True])
    np.testing.assert_array_equal(
        existence.overlap(design, np.ones((1, 40), bool), np.ones((1, 40), bool)), [True]
    )


def test_missing_directions():
    design = np.column_stack([np.ones(5), np.arange(5.0), 1e6 * (2.0 + 3.0 * np.arange(5.0))])
    (direction,) = existence.missing_directions(design)
    np.testing.assert_allclose(design @ direction, 0.0, atol=1e-6)
    assert len(existence.missing_directions(design[:, :2])) == 0
    assert len(existence.missing_directions(np.zeros((3, 2)))) == 2


@pytest.mark.parametrize("value", [0.3, 1e6 + 1 / 3, -7.1])
def test_residual_is_right_to_the_last_digits(value):
    """Oracle: fractions."""
    w = np.array([0.1, 1.0, 1 / 3])
    tau = w * value * (1 + np.array([1e-15, -3e-16, 1e-9]))
    exact = [Fraction(float(t)) - Fraction(float(x)) * Fraction(value) for t, x in zip(tau, w, strict=True)]
    np.testing.assert_allclose(existence.residual(w, tau, value), [float(e) for e in exact], rtol=1e-15)
