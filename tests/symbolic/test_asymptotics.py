"""OB-3: every step holds. Oracles: plain numbers, and steps that a wrong constant breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from focalbook.symbolic import asymptotics
from focalbook.symbolic.kernel.step import verify


def test_every_step_is_verified() -> None:
    derivation = asymptotics.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 50


def test_identities_for_a_logistic_bit() -> None:
    """Oracle: the known variance p (1 - p) x^2 of a logistic score."""
    x = sp.Rational(3, 7)
    p = 1 / (1 + sp.exp(-x * asymptotics.e))
    for step in asymptotics.information_identity()[1:]:
        value = step.left.subs(asymptotics.probability, p).doit().subs(asymptotics.e, 0)
        assert sp.simplify(value - x**2 / 4) == 0


def test_the_sphere_argument_fails_with_a_larger_promise() -> None:
    (step,) = asymptotics.consistency()
    assert not verify(replace(step, left=2 * step.left)).ok


def test_lyapunov_bound_on_numbers() -> None:
    """Oracle: coins of a known ratio, 1/sqrt n for symmetric ones of size one."""
    ratio = asymptotics.lyapunov()[2]
    at = {asymptotics.M: 1, asymptotics.J: 1, asymptotics.n: 100}
    assert ratio.left.subs(at) >= sp.Rational(1, 10)


def test_the_normal_limit_has_no_other_variance() -> None:
    *_, slutsky = asymptotics.limit_law()
    assert not verify(replace(slutsky, variance=asymptotics.J)).ok


@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_bounded_information_summed_by_hand(blocks: int) -> None:
    step = asymptotics.bounded_information()[0]
    want = sum(2 * 2**m * sp.Rational(1, 4**m) for m in range(blocks))
    symbol = next(iter(step.right.free_symbols))
    assert step.right.subs(symbol, blocks) == want
