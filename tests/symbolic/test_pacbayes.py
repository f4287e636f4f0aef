"""GC-4 in symbols. Oracle: the numerical package, which was written without it."""

from __future__ import annotations

import dataclasses

import pytest
import sympy as sp

from focalbook.symbolic import pacbayes, verify
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.pacmoment import binary_kl
from focalbook.theory import pacbayes as numbers


def test_every_step_is_verified() -> None:
    assert [step.title for step, _ in pacbayes.derivation().unverified()] == []


def test_pinsker_cannot_be_sharpened() -> None:
    refined, zero = pacbayes.pinsker()
    for step in (refined, zero):
        assert verify(step).ok
        assert not verify(dataclasses.replace(step, right=sp.Rational(21, 10) * step.right)).ok
    a, b = pacbayes.a, pacbayes.b
    assert float(binary_kl(a, b).subs({a: 0.3, b: 0.5})) == pytest.approx(numbers.binary_kl(0.3, 0.5))


def test_the_bound_without_its_divisor_is_refused() -> None:
    *_, divided, _, _ = pacbayes.lambda_form()
    assert isinstance(divided, Sign)
    assert verify(divided).ok
    assert not verify(dataclasses.replace(divided, left=divided.left * (1 - pacbayes.lam / 2))).ok
