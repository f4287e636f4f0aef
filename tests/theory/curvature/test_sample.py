"""Logit Hessian of one label. Oracles: autograd, 60-digit matrices and eigenvalues, the matrix itself."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from focalbook.theory.curvature import (
    convexity_threshold,
    log_odds_curvature_ratio,
    logit_curvature_ratio,
    logit_hessian,
    logit_hessian_extremes,
    logit_hessian_product,
    logit_hessian_trace,
)


def exact_hessian(q, label: int, gamma: float) -> mp.matrix:
    """The matrix at given masses in mpmath, the label's complement being the sum of the others."""
    q = [mp.mpf(float(x)) for x in q]
    a, g = q[label], mp.mpf(gamma)
    c = mp.fsum(x for k, x in enumerate(q) if k != label)
    a = 1 - c if a > mp.mpf("0.5") else a
    c = c if a > mp.mpf("0.5") else 1 - a
    gain = c**g - g * a * c ** (g - 1) * mp.log(a)
    rise = -2 * g * c ** (g - 1) - g * c ** (g - 1) * mp.log(a) + g * (g - 1) * a * c ** (g - 2) * mp.log(a)
    q[label] = a
    v = [x - (k == label) for k, x in enumerate(q)]
    size = len(q)
    return mp.matrix(
        [
            [gain * (q[i] * (i == j) - q[i] * q[j]) - a * rise * v[i] * v[j] for j in range(size)]
            for i in range(size)
        ]
    )


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("classes", [2, 3, 7])
def test_matrix_is_that_of_automatic_differentiation(gamma, classes):
    rng = np.random.default_rng(classes)
    for logits in rng.normal(0, 2, (6, classes)):
        label = int(rng.integers(classes))

        def loss(z, label=label):
            log_q = torch.log_softmax(z, 0)[label]
            return -((1 - log_q.exp()) ** gamma) * log_q

        z = torch.tensor(logits, dtype=torch.float64)
        want = torch.autograd.functional.hessian(loss, z).numpy()
        q = torch.softmax(z, 0).numpy()
        np.testing.assert_allclose(logit_hessian(q, label, gamma), want, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("gamma", [0.3, 1.0, 2.0, 30.0])
@pytest.mark.parametrize("mass", [1e-300, 1e-12, 1e-3, 0.3, 1 - 1e-3, 1 - 1e-12, 1.0])
def test_every_entry_and_the_trace_are_accurate_at_both_ends(gamma, mass):
    rest = np.array([0.5, 0.3, 0.2]) * (1 - mass if mass < 1 else 1e-40)
    q = np.concatenate([[mass], rest])
    with mp.workdps(60 if mass < 1 else 150):
        want = exact_hessian(q, 0, gamma)
        entries = np.array([[float(want[i, j]) for j in range(4)] for i in range(4)])
        trace = float(mp.fsum(want[i, i] for i in range(4)))
    floor = 1e-12 * np.abs(entries).max(initial=0)
    np.testing.assert_allclose(logit_hessian(q, 0, gamma), entries, rtol=1e-11, atol=floor)
    assert logit_hessian_trace(q, 0, gamma) == pytest.approx(trace, rel=1e-11, abs=1e-300)


def test_product_and_trace_need_no_matrix():
    rng = np.random.default_rng(0)
    q, x, label = rng.dirichlet(np.ones(6), (5, 4)), rng.normal(size=(5, 4, 6)), rng.integers(0, 6, (5, 4))
    gammas = rng.uniform(0, 4, (5, 4))
    matrix = logit_hessian(q, label, gammas)
    np.testing.assert_allclose(
        logit_hessian_product(q, label, gammas, x), np.einsum("abij,abj->abi", matrix, x), atol=1e-13
    )
    np.testing.assert_allclose(
        logit_hessian_trace(q, label, gammas), np.trace(matrix, axis1=2, axis2=3), atol=1e-14
    )


@pytest.mark.parametrize("mass", [1e-30, 1e-9, 0.01, 0.05])
def test_negative_eigenvalue_keeps_its_relative_accuracy(mass):
    q = np.concatenate([[mass], (1 - mass) * np.array([0.6, 0.3, 0.1])])
    smallest, largest = logit_hessian_extremes(q, 0, 2.0)
    with mp.workdps(60):
        values = sorted(mp.eigsy(exact_hessian(q, 0, 2.0), eigvals_only=True))
    assert smallest == pytest.approx(float(values[0]), rel=1e-11)
    assert largest == pytest.approx(float(values[-1]), rel=1e-12)


@given(
    gamma=st.floats(0.05, 20),
    logits=st.lists(st.floats(-15, 15), min_size=2, max_size=6),
)
def test_convex_exactly_above_the_threshold(gamma, logits):
    q = np.exp(np.array(logits) - max(logits))
    q /= q.sum()
    smallest, _ = logit_hessian_extremes(q, 0, gamma)
    threshold = convexity_threshold(gamma)
    if abs(q[0] / threshold - 1) > 1e-9:
        assert (smallest < 0) == (q[0] < threshold)
    lapack = np.linalg.eigvalsh(logit_hessian(q, 0, gamma))
    assert lapack[0] == pytest.approx(float(smallest), abs=1e-13 * (1 + gamma))


def test_two_classes_have_the_ratio_of_the_log_odds():
    q = np.linspace(0.001, 0.999, 99)
    pairs = np.stack([q, 1 - q], axis=1)
    np.testing.assert_allclose(
        logit_curvature_ratio(pairs, 0, 2.0), log_odds_curvature_ratio(q, 2.0), rtol=1e-11
    )


def test_one_hot_rows_have_limits():
    rows = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    assert logit_hessian(rows, 0, 2.0).tolist() == np.zeros((2, 3, 3)).tolist()
    assert logit_curvature_ratio(rows, 0, 2.0).tolist() == [0.0, -np.inf]
    assert logit_curvature_ratio(rows, 0, 0.0).tolist() == [1.0, 1.0]
    assert logit_hessian_trace([0.0, 0.5, 0.5], 0, 2.0) == 0.5  # nothing of the label is left: cross-entropy


def test_empty_batch():
    assert logit_hessian(np.empty((0, 3)), np.empty(0, dtype=int), 1.0).shape == (0, 3, 3)
    assert logit_hessian_extremes(np.empty((0, 3)), np.empty(0, dtype=int), 1.0)[0].shape == (0,)


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (3, "label 3 is not a class: expected 0 to 2"),
        (-1, "label -1 is not a class"),
        (0.5, "expected class numbers"),
        ([0, 1, 2], "does not fit"),
    ],
)
def test_bad_labels(label, message):
    with pytest.raises(ValueError, match=message):
        logit_hessian([[0.2, 0.3, 0.5]] * 2, label, 1.0)


def test_bad_vector():
    with pytest.raises(ValueError, match="expected one vector for each"):
        logit_hessian_product([0.5, 0.5], 0, 1.0, [1.0, 2.0, 3.0])
