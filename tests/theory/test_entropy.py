"""Entropies against sums at 50 digits, naive loops and closed forms."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import focalbook as fb
from focalbook.theory import entropy
from tests.oracles import DIGITS, relative_error

MASSES = arrays(np.float64, st.integers(2, 8), elements=st.floats(0.0, 1.0)).filter(lambda a: a.sum() > 1e-3)


def normalised(a: np.ndarray) -> np.ndarray:
    return a / a.sum()


def mp_focal_entropy(p: np.ndarray, q: np.ndarray, g: float) -> mp.mpf:
    """The definition at 50 digits; 1 - q_max is the sum of the other masses."""
    with mp.workdps(DIGITS):
        q_ = [mp.mpf(float(x)) for x in q]
        top = int(np.argmax(q))
        comp = [mp.fsum(q_[:i] + q_[i + 1 :]) if i == top else 1 - q_[i] for i in range(len(q_))]
        logs = [mp.log1p(-c) if x > 0.5 else mp.log(x) for x, c in zip(q_, comp, strict=True)]
        terms = zip(p, comp, logs, strict=True)
        return mp.fsum(mp.mpf(float(pi)) * c ** mp.mpf(g) * -lg for pi, c, lg in terms if pi > 0)


@pytest.mark.parametrize("g", [0.0, 1e-3, 0.5, 1.0, 2.0, 10.0])
def test_focal_entropy_matches_mpmath_down_to_a_complement_of_1e_300(g):
    rng = np.random.default_rng(3)
    rows = [normalised(rng.dirichlet(np.ones(5))) for _ in range(3)]
    rows += [
        np.array([1.0, 1e-17, 1e-200, 1e-300, 1e-18]),
        np.array([0.5, 0.5 - 1e-9, 1e-9 - 1e-12, 1e-100, 1e-12]),
    ]
    for p in rows:
        for q in rows:  # oracle: mpmath
            assert relative_error(fb.focal_entropy(p, q, g), mp_focal_entropy(p, q, g)) < 1e-13


def test_focal_entropy_is_the_naive_loop():
    rng = np.random.default_rng(4)
    p, q = rng.dirichlet(np.ones(4), (3, 2)), rng.dirichlet(np.ones(4), (3, 2))
    expected = np.zeros((3, 2))
    for i in range(3):  # oracle: a loop over the definition
        for j in range(2):
            for k in range(4):
                expected[i, j] += p[i, j, k] * (1 - q[i, j, k]) ** 2.5 * -np.log(q[i, j, k])
    np.testing.assert_allclose(fb.focal_entropy(p, q, 2.5), expected, rtol=1e-13)
    moved = fb.focal_entropy(np.moveaxis(p, -1, 0), np.moveaxis(q, -1, 0), 2.5, axis=0)
    np.testing.assert_allclose(moved, expected, rtol=1e-13)


def test_one_gamma_for_each_distribution():
    rng = np.random.default_rng(5)
    p, q = rng.dirichlet(np.ones(3), 4), rng.dirichlet(np.ones(3), 4)
    g = np.array([0.0, 0.5, 1.0, 7.0])
    expected = [fb.focal_entropy(p[i], q[i], g[i]) for i in range(4)]  # oracle: one at a time
    np.testing.assert_array_equal(fb.focal_entropy(p, q, g), expected)


def test_gamma_zero_is_the_cross_entropy_and_its_diagonal_the_entropy():
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.6, 0.3, 0.1])
    direct = -(p * np.log(q)).sum()  # oracle: closed form
    assert fb.focal_entropy(p, q, 0.0) == pytest.approx(direct, rel=1e-15)
    assert fb.cross_entropy(p, q) == pytest.approx(direct, rel=1e-15)
    assert fb.entropy(p) == pytest.approx(-(p * np.log(p)).sum(), rel=1e-15)
    assert fb.kl_divergence(p, q) == pytest.approx(direct - fb.entropy(p), rel=1e-14)
    assert fb.entropy(np.full(8, 0.125)) == pytest.approx(np.log(8), rel=1e-15)


def test_zero_masses_and_infinite_values():
    assert fb.focal_entropy([1.0, 0.0], [1.0, 0.0], 2.0) == 0.0
    assert fb.focal_entropy([1.0, 0.0], [0.5, 0.5], 1.0) == pytest.approx(0.5 * np.log(2))  # closed form
    assert fb.focal_entropy([0.5, 0.5], [1.0, 0.0], 2.0) == np.inf
    assert fb.kl_divergence([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert fb.entropy([1.0, 0.0]) == 0.0


@given(MASSES, st.data(), st.floats(0.0, 30.0))
def test_between_the_bounds_of_claim_fe_1(a, data, g):
    p = normalised(a)
    elements = st.floats(1e-6, 1.0)
    q = normalised(np.array(data.draw(st.lists(elements, min_size=len(p), max_size=len(p)))))
    value, cross = fb.focal_entropy(p, q, g), fb.cross_entropy(p, q)
    assert value <= cross * (1 + 1e-12)  # oracle: claim FE-1, proved in the book
    assert value >= 2.0**-g * (cross - np.log(2)) - 1e-12


def test_blocks_do_not_change_a_bit(monkeypatch):
    rng = np.random.default_rng(6)
    p, q = rng.dirichlet(np.ones(7), 100), rng.dirichlet(np.ones(7), 100)
    whole = fb.focal_entropy(p, q, 1.5)
    monkeypatch.setattr(entropy, "BLOCK", 21)  # oracle: the same call in one block
    np.testing.assert_array_equal(fb.focal_entropy(p, q, 1.5), whole)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match=r"p and q must have the same shape, got \(2,\) and \(3,\)"):
        fb.focal_entropy([0.5, 0.5], [0.2, 0.3, 0.5], 1.0)
    with pytest.raises(ValueError, match="q: class 1 of the distribution is negative"):
        fb.kl_divergence([0.5, 0.5], [1.5, -0.5])
