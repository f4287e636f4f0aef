"""The implicit function step. Oracle: every part of a true statement, when it is replaced by a false one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from focalbook.symbolic.extremes import KAPPA, MEAN_LOG, count, large, small, start
from focalbook.symbolic.focal import gamma, p, q
from focalbook.symbolic.kernel.branch import exponential
from focalbook.symbolic.kernel.step import verify


def test_true_statements() -> None:
    assert verify(small()).ok
    assert verify(large()).ok
    assert "O(t^2)" in large().latex()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": p * start(p)},  # the mean is missing: no sum of zero
        {"drift": sp.S.Zero},
        {"base": q},
        {"base": p / 2},
        {"level": sp.S.One},
        {"time": 2 * gamma},
        {"exponent": -KAPPA},
        {"exponent": 2 * KAPPA},
        {"cover": {}},
    ],
)
def test_false_parts_at_zero(wrong: dict[str, Any]) -> None:
    assert not verify(replace(small(), **wrong)).ok


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": sp.log(p) - MEAN_LOG},  # the factor 1 - 1/n is missing
        {"drift": MEAN_LOG},
        {"base": 1 / (count + 1)},
        {"level": sp.log(1 - p)},
        {"exponent": gamma * KAPPA},
        {"names": {sp.S.One: count}},
    ],
)
def test_false_parts_at_infinity(wrong: dict[str, Any]) -> None:
    assert not verify(replace(large(), **wrong)).ok


def test_a_form_that_is_not_smooth_is_refused() -> None:
    step = large()
    rough = step.form + step.t * sp.log(step.t)
    assert not verify(replace(step, form=rough)).ok


def test_exponential_of_logarithms() -> None:
    x, y = sp.symbols("x y", positive=True)
    assert exponential(2 * sp.log(x) - y * sp.log(1 + x) + y) == x**2 * (1 + x) ** (-y) * sp.exp(y)
