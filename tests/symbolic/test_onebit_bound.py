"""The Gaussian bound and the budget of OB-4. Oracles: grids of values, and a false neighbour."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import sympy as sp

from focalbook.symbolic import onebit_bound, verify


@pytest.mark.parametrize("function", ["bend", "lead", "room"])
def test_signs_change_where_the_proof_says(function: str) -> None:
    """Oracle: values on a grid on either side of the short pieces that the proof treats apart."""
    ends = {"bend": (1.64, 1.66), "lead": (1.73, 1.75), "room": (np.inf, np.inf)}[function]
    form = getattr(onebit_bound, function)
    for value in np.linspace(0.05, 6, 60):
        got = float(form(sp.Rational(value)).evalf(30))
        assert got > 0 if value <= ends[0] else got < 0 if value >= ends[1] else True


def test_budget_is_attained_by_its_bound() -> None:
    """Oracle: a fine grid of the Gaussian bound times 1 + z^2/2."""
    z = np.linspace(0, 4, 100_001)
    bound = 2 / np.pi * np.exp(-(1 - 2 / np.pi) * z**2) * (1 + z**2 / 2)
    assert float(onebit_bound.BUDGET) == pytest.approx(bound.max(), abs=1e-9)


def test_a_smaller_budget_is_not_verified() -> None:
    _, total, _, _ = onebit_bound.budget()
    assert verify(total).ok
    assert not verify(dataclasses.replace(total, left=sp.Rational(66, 100))).ok
