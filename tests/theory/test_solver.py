"""The solver's own machinery: bracketed fallback, memory order, blocks and memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from focalbook.theory import _solver
from focalbook.theory._solver import _Block, bracketed, solve


def extreme(rng: np.random.Generator, rows: int, classes: int) -> np.ndarray:
    """Masses over up to 300 decades, differently spread in each row."""
    spread = rng.uniform(1, 690, (rows, 1))
    z = -(rng.uniform(0, 1, (rows, classes)) ** rng.uniform(0.2, 8, (rows, 1))) * spread
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("gamma", [1e-3, 0.5, 2.0, 30.0, 300.0, 1e3])
@pytest.mark.parametrize("ax", [0, 1])
def test_bracketed_and_plain_iterations_agree(gamma, ax):
    p = extreme(np.random.default_rng(1), 40, 12)
    plain = solve(p, np.asarray(gamma))
    block = _Block(np.ascontiguousarray(p.T) if ax == 0 else p, np.asarray(gamma), ax)
    q = _solver.Solution(np.empty_like(p), np.empty(40), np.empty(40))
    with np.errstate(all="ignore"):
        bracketed(block)
        block.write(q, np.arange(40))
    np.testing.assert_allclose(q.q, plain.q, rtol=1e-12)  # oracle: a different iteration to the same root
    np.testing.assert_allclose(q.log_multiplier, plain.log_multiplier, rtol=1e-13, atol=1e-12)


@pytest.mark.parametrize("classes", [2, 3, 63, 64, 65, 500])
def test_no_row_is_left_unsolved(classes):
    rng = np.random.default_rng(classes)
    p = extreme(rng, 300, classes)
    gamma = 10 ** rng.uniform(-6, 4, 300)
    s = solve(p, gamma)
    assert np.isfinite(s.q).all()
    assert np.isfinite(s.log_multiplier).all()
    others = s.q.copy()
    np.put_along_axis(others, p.argmax(axis=1)[:, None], 0.0, axis=1)
    # oracle: the constraint in the form that can be resolved
    np.testing.assert_allclose(others.sum(axis=1), s.complement, rtol=1e-12)


def test_the_order_of_rows_and_the_size_of_blocks_do_not_matter(monkeypatch):
    p = extreme(np.random.default_rng(2), 100, 7)
    whole = solve(p, np.asarray(1.3))
    for size in (7, 70, 10**6):
        monkeypatch.setattr(_solver, "BLOCK", size)
        for a, b in zip(solve(p, np.asarray(1.3)), whole, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-13)  # oracle: another division into blocks
    shuffled = solve(p[::-1], np.asarray(1.3))
    np.testing.assert_allclose(shuffled.q[::-1], whole.q, rtol=1e-13)


def test_the_fallback_is_reached_and_converges(monkeypatch):
    calls = []
    monkeypatch.setattr(_solver, "bracketed", lambda block: (calls.append(len(block.p)), bracketed(block)))
    monkeypatch.setattr(_solver, "ROUNDS", (2,))
    p = extreme(np.random.default_rng(3), 50, 9)
    s = solve(p, np.asarray(50.0))
    assert calls
    monkeypatch.undo()
    np.testing.assert_allclose(s.q, solve(p, np.asarray(50.0)).q, rtol=1e-12)  # oracle: the plain iteration


def peak_in_arrays(p: np.ndarray) -> float:
    """Peak of the memory allocated during a solve, the result included, in arrays of the size of p."""
    solve(p[:1, : min(8, p.shape[1])], np.asarray(2.0))
    tracemalloc.start()
    solve(p, np.asarray(2.0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / p.nbytes


def test_one_huge_row_needs_at_most_twelve_arrays():
    assert (
        peak_in_arrays(np.random.default_rng(4).dirichlet(np.ones(10**5), 1)) < 13
    )  # the result and 12 more


def test_many_rows_need_hardly_more_than_their_result():
    assert peak_in_arrays(np.random.default_rng(5).dirichlet(np.ones(10), 50_000)) < 2.5
