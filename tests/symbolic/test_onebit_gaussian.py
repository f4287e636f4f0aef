"""OB-4: every step holds; the named functions against plain numbers."""

from __future__ import annotations

import dataclasses

import mpmath
import numpy as np
import pytest
import sympy as sp

from focalbook.symbolic import onebit_bound, onebit_gaussian, onebit_mills, verify


def test_every_step_is_verified() -> None:
    derivation = onebit_gaussian.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 40


@pytest.mark.parametrize("z", [-30.0, -2.0, 0.0, 1.5, 9.0])
def test_weight_is_the_information_of_a_bit(z: float) -> None:
    with mpmath.workdps(250):
        want = mpmath.npdf(z) ** 2 / (mpmath.ncdf(z) * mpmath.ncdf(-z))
        got = onebit_mills.weight(sp.Rational(z)).evalf(30, maxn=2000)
        assert abs(got / sp.Float(str(want), 30) - 1) < 1e-20


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


def test_false_neighbours_are_not_verified() -> None:
    _, total, _, _ = onebit_bound.budget()
    assert not verify(dataclasses.replace(total, left=sp.Rational(66, 100))).ok
    slowly = onebit_mills.slowly()
    less = sp.Rational(9, 10) - onebit_mills.hazard(onebit_mills.t) * (
        onebit_mills.hazard(onebit_mills.t) - onebit_mills.t
    )
    assert not verify(dataclasses.replace(slowly, left=less)).ok
