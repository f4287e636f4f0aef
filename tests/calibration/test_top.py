"""The fast pass over rows; oracles: NumPy's argmax, a plain loop, and the full check of the input."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focalbook.calibration import top as module
from focalbook.calibration.top import top_label

_spec = importlib.util.spec_from_file_location("naive", Path(__file__).parent / "naive.py")
assert _spec is not None
assert _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)


def refused(*_: object) -> None:
    """A fast pass that takes nothing: everything goes through the full check."""


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("classes", [1, 2, 3, 10, 1000])
def test_agrees_with_argmax_over_several_blocks(dtype: type, classes: int, monkeypatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 30 * classes)
    rng = np.random.default_rng(classes)
    probs = rng.dirichlet(np.full(classes, 0.3), 500).astype(dtype)
    labels = rng.integers(classes, size=500)
    found = module._fast(probs, labels)
    assert found is not None
    assert np.array_equal(found.confidence, probs.max(axis=1).astype(np.float64))
    assert np.array_equal(found.correct, probs.argmax(axis=1) == labels)
    assert found.confidence.dtype == np.float64


@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.sampled_from([np.float64, np.float32]))
@settings(max_examples=100, deadline=None)
def test_of_equal_classes_the_first_counts(seed: int, classes: int, dtype: type) -> None:
    rng = np.random.default_rng(seed)
    parts = rng.integers(0, 3, (20, classes)) + (np.arange(classes) == 0)
    probs = (parts / parts.sum(axis=1, keepdims=True)).astype(dtype)
    labels = rng.integers(classes, size=20)
    top = [naive.naive_top(row) for row in probs.tolist()]
    assert top_label(probs, labels).correct.tolist() == [a == b for a, b in zip(top, labels, strict=True)]


@pytest.mark.parametrize(
    "change",
    [
        lambda p: np.asfortranarray(p),
        lambda p: p[:, ::-1],
        lambda p: p.astype(np.longdouble),
        lambda p: p.astype(">f8"),
        lambda p: p.tolist(),
        lambda p: np.where(p < p.max(axis=1, keepdims=True), -0.0, 1.0),
    ],
    ids=["column order", "reversed", "longdouble", "big-endian", "list", "negative zeros"],
)
def test_unusual_arrays_give_the_same_as_usual_ones(change) -> None:
    rng = np.random.default_rng(1)
    probs, labels = rng.dirichlet(np.ones(4), 30), rng.integers(4, size=30)
    given_rows = change(probs)
    usual = np.ascontiguousarray(given_rows, dtype=np.float64) + 0.0
    found, expected = top_label(given_rows, labels), top_label(usual, labels)
    assert np.array_equal(found.confidence, expected.confidence)
    assert np.array_equal(found.correct, expected.correct)


def test_unsigned_and_short_labels() -> None:
    probs = np.full((300, 300), 1 / 300)
    for dtype in (np.uint16, np.int16, np.uint64, np.int32):
        labels = np.arange(300).astype(dtype)
        assert top_label(probs, labels).correct.tolist() == [True] + [False] * 299


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -0.25, -1e-30, 0.75, 1.5])
@pytest.mark.parametrize("row", [0, 77, 199])
def test_whatever_is_wrong_is_seen_by_the_fast_pass(dtype: type, bad: float, row: int) -> None:
    probs = np.full((200, 4), 0.25, dtype=dtype)
    probs[row, 2] = bad
    labels = np.zeros(200, dtype=int)
    assert module._fast(probs, labels) is None
    with pytest.raises(ValueError, match=f"row {row}"):
        top_label(probs, labels)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("excess", [0.5, 0.99, 1.01, 2.0, -0.99, -1.01])
def test_sums_are_accepted_and_refused_as_in_the_full_check(dtype: type, excess: float, monkeypatch) -> None:
    tolerance = module.SUM_TOLERANCE[np.dtype(dtype).name]
    probs = np.full((5, 4), 0.25, dtype=dtype)
    probs[3, 1] += excess * tolerance
    outcomes = []
    for fast in (module._fast, refused):
        monkeypatch.setattr(module, "_fast", fast)
        try:
            outcomes.append(top_label(probs, np.zeros(5, dtype=int)).confidence.tolist())
        except ValueError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]
    assert isinstance(outcomes[0], str) == (abs(excess) > 1)


def test_label_distributions_are_looked_up() -> None:
    found = top_label([[0.2, 0.8]], [[0.4, 0.6]])
    assert found.soft
    assert (found.confidence[0], found.correct[0]) == (0.8, 0.6)
