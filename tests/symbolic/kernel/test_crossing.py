"""Level sets with two ends: true and false ones. Oracle: premises changed one by one."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from focalbook.symbolic import relative, verify
from focalbook.symbolic.focal import gain, q
from focalbook.symbolic.gain import RISE
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.step import Verdict


def decided(**changes: object) -> Verdict:
    return verify(replace(relative.crossings(), **changes))  # type: ignore[arg-type]


def test_level_between_the_ends_and_the_maximum() -> None:
    assert decided().ok
    assert decided(level=sp.Rational(1, 2)).ok
    assert decided(level=1 + RISE / 2).ok


def test_level_not_above_both_ends() -> None:
    assert not decided(level=sp.S.Zero).ok  # the function ends there
    assert not decided(level=sp.Integer(-1)).ok


def test_level_not_known_to_be_exceeded() -> None:
    assert not decided(level=sp.Integer(2)).ok
    assert not decided(level=1 + RISE).ok


def test_level_must_stand_still() -> None:
    assert not decided(level=q).ok


def test_equation_between_the_functions_is_checked() -> None:
    assert not decided(factor=-((1 - q) ** 2)).ok
    other = Identity(title="", left=gain(q), right=gain(q))
    assert not decided(identity=other).ok
    wrong = replace(relative.crossings().identity, right=gain(q))
    assert not decided(identity=wrong).ok


def test_fact_names_the_interval_and_the_maximum() -> None:
    (fact,) = relative.crossings().facts()
    assert {str(s) for s in fact.free_symbols} >= {"q_low", "q_high", "p_*"}
    assert "q_-" in relative.crossings().latex()
