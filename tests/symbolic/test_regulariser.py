"""GC-5 in symbols. Oracle: the three terms in plain arithmetic."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import sympy as sp

from focalbook.symbolic import regulariser, verify


def test_every_step_is_verified() -> None:
    assert [step.title for step, _ in regulariser.derivation().unverified()] == []


def test_the_formula_on_numbers() -> None:
    rng = np.random.default_rng(0)
    rho, energy, beta = rng.dirichlet(np.ones(5)), rng.normal(size=5), 0.7
    weights = np.exp(-beta * energy)
    at = {
        regulariser.beta: beta,
        regulariser.X: rho @ energy,
        regulariser.ENTROPY: -(rho @ np.log(rho)),
        regulariser.LOG_Z: np.log(weights.sum()),
    }
    plain = rho @ np.log(rho / (weights / weights.sum()))
    assert float(regulariser.VALUE.subs(at)) == pytest.approx(plain, rel=1e-13)


def test_a_changed_sign_is_refused() -> None:
    step = regulariser.formula()
    wrong = step.value.subs(regulariser.ENTROPY, -regulariser.ENTROPY)
    assert not verify(dataclasses.replace(step, value=wrong)).ok


def test_without_equal_mean_energies_nothing_follows_from_the_entropies() -> None:
    _, equal = regulariser.entropy_bound()
    assert verify(equal).ok
    first, second = equal.given
    other = dataclasses.replace(
        second, formula=second.formula.subs(sp.Symbol("b", real=True), sp.Symbol("c"))
    )
    assert not verify(dataclasses.replace(equal, given=(first, other))).ok
