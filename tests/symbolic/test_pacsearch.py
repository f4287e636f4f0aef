"""The best lambda in symbols. Oracle: the numerical package, which was written without it."""

from __future__ import annotations

import dataclasses

import pytest

from focalbook.symbolic import pacsearch, verify
from focalbook.theory import pacbayes as numbers


def test_the_value_at_the_best_lambda() -> None:
    _, _, there, _ = pacsearch.best_lambda()
    loss, price = 0.2, float(numbers.complexity(3.0, 500, 0.05))
    value = there.right.subs({pacsearch.LOSS: loss, pacsearch.PRICE: price})  # type: ignore[attr-defined]
    assert float(value) == pytest.approx(float(numbers.best_lambda_bound(loss, 3.0, 500, 0.05)), rel=1e-13)


def test_no_smaller_value_is_claimed() -> None:
    _, least, _, _ = pacsearch.best_lambda()
    assert verify(least).ok
    assert not verify(dataclasses.replace(least, right=1.01 * least.right)).ok  # type: ignore[attr-defined, type-var]


def test_the_best_posterior_and_the_growth_of_lambda() -> None:
    assert all(verify(step).ok for step in pacsearch.best_posterior())
