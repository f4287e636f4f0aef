"""Deductions. Oracle: syllogisms that hold and that do not."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic.kernel.logic import Deduction, assume, by, rename, summed
from focalbook.symbolic.kernel.methods import Growth
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Argument, verify

a, b, c = sp.symbols("a b c", real=True)
x = sp.Symbol("x", positive=True)
LOG = sp.Symbol("L", real=True)


def _log_below() -> Sign:
    return Sign(title="log", left=x, right=sp.log(1 + x), method=Growth(x, sp.S.Zero))


def test_deduction() -> None:
    given = (assume(a < b, "first"), assume(b < c, "second"))
    assert verify(Deduction(title="", given=given, conclusion=a < c)).ok
    assert verify(Deduction(title="", given=given, conclusion=c < a)).state == "false"


def test_nothing_follows_from_a_contradiction() -> None:
    given = (assume(a < b, "first"), assume(b < a, "second"))
    verdict = verify(Deduction(title="", given=given, conclusion=sp.Eq(a, c)))
    assert verdict.state == "false"
    assert "contradict" in verdict.method


def test_premise_from_a_step_is_named_and_instantiated() -> None:
    premise = by(_log_below(), {sp.log(1 + c): LOG}, at={x: c})
    assert premise.formula == (c > LOG)
    assert verify(Deduction(title="", given=(premise,), conclusion=c > LOG)).ok


def test_an_expression_without_a_name_is_refused() -> None:
    premise = by(_log_below(), {}, at={x: c})
    assert verify(Deduction(title="", given=(premise,), conclusion=c > LOG)).state == "undecided"


def test_a_deduction_rests_on_its_steps() -> None:
    prose = Argument(title="prose", text="it is clear that")
    premise = summed(prose, a < b, "because")
    assert verify(Deduction(title="", given=(premise,), conclusion=a < b)).state == "argument"


def test_longest_names_first() -> None:
    inner, outer = sp.log(1 + a), sp.log(1 + a) * b
    assert rename(outer + inner > 0, {inner: LOG, outer: c}) == (LOG + c > 0)
