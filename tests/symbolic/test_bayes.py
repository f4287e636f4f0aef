"""FE-14: every step holds; the formulas of the derivation against numbers from plain arithmetic."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize_scalar

from focalbook.symbolic import bayes, divergence, regret, verify
from focalbook.symbolic.focal import curvature, gamma, q, slope, x


def test_every_step_is_verified() -> None:
    derivation = bayes.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 40


@pytest.mark.parametrize("value", [0.5, 1.0, 2.0, 5.0])
def test_the_discount_is_largest_where_the_derivation_says(value: float) -> None:
    taken = sp.lambdify(regret.P0, regret.DISCOUNT.subs({gamma: value, regret.p: regret.P0}))
    best = minimize_scalar(
        lambda v: -taken(v), bounds=(1e-6, 0.9), method="bounded", options={"xatol": 1e-10}
    )
    gain = (1 - best.x) ** value - value * best.x * (1 - best.x) ** (value - 1) * np.log(best.x)
    assert gain == pytest.approx(1.0, abs=1e-6)  # oracle: a search, not the gain


@pytest.mark.parametrize("value", [0.5, 2.0])
def test_the_exponential_lies_below_its_tangents_only_from_the_maximum_on(value: float) -> None:
    """Oracle: the inequality on a grid, for M the largest value of phi^2 / l'' on it and for 0.98 M."""
    ratio = sp.lambdify(q, (slope(q) ** 2 / curvature(q)).subs(gamma, value))
    grid = np.linspace(1e-4, 0.9999, 400)
    tangent = divergence.exponential()[-1]
    assert isinstance(tangent, divergence.Sign)
    gap = sp.lambdify((x, q, divergence.M), tangent.difference.subs(gamma, value))
    largest = ratio(grid).max() * (1 + 1e-6)
    xs, qs = np.meshgrid(grid, grid)
    assert (gap(xs, qs, largest) > -1e-12).all()
    assert (gap(xs, qs, 0.98 * largest) < -1e-8).any()


def test_without_the_right_constant_the_tangent_is_not_verified() -> None:
    tangent = divergence.exponential()[-1]
    assert isinstance(tangent, divergence.Sign)
    other = sp.Symbol("N", positive=True)
    assert verify(tangent).ok
    assert not verify(dataclasses.replace(tangent, left=tangent.left.subs(divergence.M, other))).ok
    assert not verify(dataclasses.replace(tangent, left=tangent.right, right=tangent.left)).ok


def test_the_divergence_may_exceed_that_of_kullback_and_leibler_only_by_the_discount() -> None:
    step = regret.near_kl()
    assert verify(step).ok
    weaker = dataclasses.replace(step, given=step.given[1:])  # the bound at Q left out
    assert not verify(weaker).ok
