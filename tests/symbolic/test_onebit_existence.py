"""OB-6: every step holds; the slope at 1/s = 0 against differences of the log-likelihood."""

from __future__ import annotations

import pytest
import sympy as sp
from scipy.special import log_ndtr

from focalbook.symbolic import onebit_existence as derived
from focalbook.symbolic.kernel.equality import Identity


def test_every_step_is_verified() -> None:
    derivation = derived.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 20


def test_slope_of_a_cell_is_a_difference_of_log_likelihoods() -> None:
    step = derived.gaussian()[0]
    assert isinstance(step, Identity)
    values = {"beta_1": 0.4, "w": 1.5, "tau": -0.7, "k": 3, "k'": 2}
    at = {symbol: values[symbol.name] for symbol in step.right.free_symbols}

    def value(beta_2: float) -> float:
        z = 1.5 * 0.4 + 0.7 * beta_2
        return float(3 * log_ndtr(z) + 2 * log_ndtr(-z))

    want = (value(1e-6) - value(-1e-6)) / 2e-6
    assert float(step.right.subs(at).evalf()) == pytest.approx(want, rel=1e-7)


def test_open_direction_is_named_with_its_ratio() -> None:
    (step,) = derived.direction()
    assert sp.simplify(step.left - step.right) == 0
