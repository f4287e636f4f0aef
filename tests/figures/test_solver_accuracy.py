"""Errors of solvers: oracle the 50-digit minimiser of tests/oracles.py, an implementation of its own."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import solver_accuracy
from focalbook.figures.style import figure
from focalbook.theory.minimizer import minimizer
from tests.oracles import mp_minimizer


@pytest.fixture(scope="module")
def numbers() -> solver_accuracy.Data:
    return solver_accuracy.data(problems=3, classes=4, rows=50, checked=2)


@pytest.mark.parametrize(
    ("p", "gamma"),
    [((0.7, 0.2, 0.1), 0.3), ((1.0 - 1e-9, 1e-9), 2.0), ((0.5, 0.5 - 1e-7, 1e-7), 8.0), ((1.0, 1e-120), 0.5)],
)
def test_exact_minimizer(p: tuple[float, ...], gamma: float) -> None:
    found = solver_accuracy.exact_minimizer(p, gamma)
    other, _, _ = mp_minimizer(p, gamma, minimizer(np.array(p), gamma).tolist())
    with mp.workdps(50):
        assert max(abs(a / b - 1) for a, b in zip(found, other, strict=True)) < mp.mpf(10) ** -30


def test_hard_problems_are_distributions_with_small_masses() -> None:
    p = solver_accuracy.hard(500, 6, seed=3)
    np.testing.assert_allclose(p.sum(axis=1), 1.0, rtol=1e-14)
    assert (p > 0).all()
    assert p.min() < 1e-250


def test_competitors_are_right_on_an_easy_problem() -> None:
    p = np.array([0.5, 0.3, 0.2])
    for name, solve in solver_accuracy.SOLVERS.items():
        np.testing.assert_allclose(solve(p, 2.0), minimizer(p, 2.0), rtol=1e-5, err_msg=name)


def test_this_book_is_accurate_everywhere(numbers: solver_accuracy.Data) -> None:
    assert numbers.error["focalbook"].max() < 1e-12
    assert numbers.error["SLSQP with gradient"].max() > 1e-3
    assert numbers.round_trip.max() < 1e-11
    assert numbers.forward.max() < 1e-12


def test_it_can_be_drawn(numbers: solver_accuracy.Data) -> None:
    shown = figure(solver_accuracy.draw, numbers, alt="Errors of three solvers", ncols=2)
    assert shown.light != shown.dark
