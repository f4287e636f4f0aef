"""Convergence of the steps: oracle the 50-digit minimiser, turned into log-odds."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import newton_convergence
from focalbook.figures.style import figure
from focalbook.theory.minimizer import minimizer
from tests.oracles import mp_minimizer


def test_first_error_is_measured_against_the_solution() -> None:
    from focalbook.theory._solver import _Block

    p, gamma = np.array([0.55, 0.3, 0.15]), 2.0
    numbers = newton_convergence.data({"three": (p, gamma)})
    exact, _, _ = mp_minimizer(p.tolist(), gamma, minimizer(p, gamma).tolist())
    block = _Block(p[None, :].copy(), np.asarray(gamma), 1)
    start = [block.t_max[0, 0], block.z[0, 1] + np.log(0.3), block.z[0, 2] + np.log(0.15)]
    distance = max(abs(float(mp.log(q / (1 - q))) - t) for q, t in zip(exact, start, strict=True))
    assert numbers.error[0][0] == pytest.approx(distance, rel=1e-9)


def test_few_steps_and_quadratic_convergence() -> None:
    numbers = newton_convergence.data()
    assert max(numbers.steps) <= 6
    for error, steps in zip(numbers.error, numbers.steps, strict=True):
        assert error.size == steps + 1
        assert error[-1] < 1e-13
        late = error[(error < 1e-2) & (error > 1e-7)]
        after = error[1:][(error[:-1] < 1e-2) & (error[:-1] > 1e-7)]
        assert (after[: late.size] < 10 * late**2 + 1e-14).all()


def test_it_can_be_drawn() -> None:
    shown = figure(newton_convergence.draw, newton_convergence.data(), alt="Error against step")
    assert shown.light != shown.dark
