"""Induction over counts. Oracle: the coder's ratio in exact arithmetic, and perturbed premises."""

from __future__ import annotations

import dataclasses

import pytest
import sympy as sp

from focalbook.symbolic import verify
from focalbook.symbolic.kernel.climb import Climb
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.positivity import same
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.pacmoment import RATIO, coder, k, m


def last() -> Sign:
    step = coder()[-1]
    assert isinstance(step, Sign)
    return step


def test_the_ratio_is_at_least_one_half() -> None:
    assert verify(last()).ok
    for ones in range(7):
        for zeros in range(7):
            if ones + zeros:
                exact = RATIO.subs({k: ones, m: zeros})
                assert float(exact) >= 0.5 - 1e-15


def test_a_better_constant_is_refused() -> None:
    step = last()
    assert not verify(dataclasses.replace(step, left=sp.Rational(19, 10) / 2 * step.left)).ok
    assert not verify(dataclasses.replace(step, relation=">")).ok  # attained at (1, 0)


@pytest.mark.parametrize("field", ["start", "value", "factor"])
def test_other_parts_are_refused(field: str) -> None:
    step = last()
    assert isinstance(step.method, Climb)
    method = dataclasses.replace(step.method, **{field: 2 * getattr(step.method, field)})
    assert not verify(dataclasses.replace(step, method=method)).ok


def test_growth_of_something_else_is_refused() -> None:
    step = last()
    assert isinstance(step.method, Climb)
    other = Sign(title="", left=k, method=Terms())
    for field in ("grows", "alone", "first"):
        method = dataclasses.replace(step.method, **{field: other})
        assert not verify(dataclasses.replace(step, method=method)).ok
    ratio = Identity(title="", left=sp.S.One, right=sp.S.One)
    method = dataclasses.replace(step.method, ratio=ratio)
    assert not verify(dataclasses.replace(step, method=method)).ok


def test_the_gamma_function_is_known_by_its_recursion() -> None:
    assert same(sp.gamma(k + 2), k * (k + 1) * sp.gamma(k))
    assert not same(sp.gamma(k + 2), k * (k + 2) * sp.gamma(k))
