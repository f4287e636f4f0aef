"""Negative log-likelihood and Brier score; oracles: plain loops, expectation over labels by enumeration."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from focalbook.calibration import brier, nll

_spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "naive.py")
assert _spec is not None
assert _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)


def test_agree_with_plain_loops() -> None:
    rng = np.random.default_rng(0)
    probs, labels = rng.dirichlet(np.ones(5), 100), rng.integers(5, size=100)
    assert nll(probs, labels).value == pytest.approx(naive.naive_nll(probs.tolist(), labels.tolist()))
    assert brier(probs, labels).value == pytest.approx(naive.naive_brier(probs.tolist(), labels.tolist()))


def test_label_distributions_give_the_exact_expectation() -> None:
    rng = np.random.default_rng(1)
    probs, truth = rng.dirichlet(np.ones(3), 20), rng.dirichlet(np.ones(3), 20)
    for score in (nll, brier):
        rows = [
            sum(t * score(row[None], [k], resamples=0).value for k, t in enumerate(masses))
            for row, masses in zip(probs, truth, strict=True)
        ]
        assert score(probs, truth, resamples=0).value == pytest.approx(np.mean(rows), rel=1e-13)


def test_both_are_proper() -> None:
    """The expected score over labels is least at the distribution of the labels, on a grid of others."""
    truth = np.array([[0.7, 0.2, 0.1]])
    others = np.random.default_rng(2).dirichlet(np.ones(3), 500)
    for score in (nll, brier):
        best = score(truth, truth, resamples=0).value
        assert all(score(q[None], truth, resamples=0).value > best for q in others)


def test_intervals_cover_the_expectation() -> None:
    """Fixed seed: over 200 samples of labels, the exact expectation lies inside about 95 % of the time."""
    rng = np.random.default_rng(3)
    q, truth = np.array([0.6, 0.3, 0.1]), np.array([0.5, 0.3, 0.2])
    for score in (nll, brier):
        exact = score(q[None], truth[None], resamples=0).value
        covered = 0
        for _ in range(200):
            labels = rng.choice(3, size=300, p=truth)
            found = score(np.tile(q, (300, 1)), labels, resamples=200)
            covered += found.low <= exact <= found.high
        assert covered / 200 > 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / 200)


def test_zero_probability_of_what_happened_is_infinite() -> None:
    assert nll([[1.0, 0.0]], [1]).value == np.inf
    assert nll([[1.0, 0.0]], [0]).value == 0.0
    assert nll([[1.0, 0.0]], [[1.0, 0.0]]).value == 0.0
    assert nll([[1.0, 0.0]], [[0.9, 0.1]]).value == np.inf
    assert brier([[1.0, 0.0]], [1]).value == 2.0


def test_bad_input_is_refused() -> None:
    for score in (nll, brier):
        with pytest.raises(ValueError, match="sums to"):
            score([[0.5, 0.4]], [0])
        with pytest.raises(ValueError, match="level"):
            score([[0.5, 0.5]], [0], level=0.0)
