"""Gibbs' principle in symbols. Oracle: random distributions."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import sympy as sp

from focalbook.symbolic import gibbs, verify


def test_every_step_is_verified() -> None:
    steps = (gibbs.one_hypothesis(), gibbs.change_of_measure(), gibbs.attained())
    assert all(verify(step).ok for step in (*steps, *gibbs.variance(sp.Symbol("s", positive=True))))


def test_without_the_normaliser_it_is_refused() -> None:
    step = gibbs.change_of_measure()
    assert not verify(dataclasses.replace(step, left=gibbs.KL)).ok


@pytest.mark.parametrize("seed", range(5))
def test_the_principle_on_random_distributions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    prior, rho = rng.dirichlet(np.ones(6), 2)
    score = rng.normal(size=6)
    at = {
        gibbs.KL: rho @ np.log(rho / prior),
        gibbs.Z: prior @ np.exp(score),
        gibbs.MEAN: rho @ score,
    }
    step = gibbs.change_of_measure()
    assert float(step.left.subs(at)) >= float(step.right.subs(at))


def test_the_derivatives_on_a_small_class() -> None:
    rate = sp.Symbol("s", positive=True)
    fall, rise, _ = gibbs.variance(rate)
    z = sp.exp(-rate) / 3 + 2 * sp.exp(-3 * rate) / 3
    weights = np.array([np.exp(-0.7) / 3, 2 * np.exp(-2.1) / 3])
    weights /= weights.sum()
    spread = weights @ np.array([1, 9]) - (weights @ np.array([1, 3])) ** 2
    for step, expected in ((fall, -spread), (rise, 0.7 * spread)):
        value = step.left.subs(sp.Function("Z")(rate), z).doit().subs(rate, 0.7)
        assert float(value) == pytest.approx(expected, rel=1e-12)
