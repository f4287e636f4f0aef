"""Steps and derivations. Oracle: the definition: verified means that the step and all its premises are."""

from __future__ import annotations

from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.step import Argument, Derivation, Step, Verdict, recall, verified, verify

x = sp.Symbol("x", positive=True)
TRUE = Identity(title="true", left=x + x, right=2 * x)
FALSE = Identity(title="false", left=x + x, right=3 * x)


class _Crashing(Step):
    kind: ClassVar[str] = "crash"

    def latex(self) -> str:
        return ""

    def decide(self) -> Verdict:
        raise NotImplementedError("no idea")


class _Counting(Step):
    calls: ClassVar[int] = 0

    def latex(self) -> str:
        return ""

    def decide(self) -> Verdict:
        type(self).calls += 1
        return verified("counted")


def test_argument_is_never_verified() -> None:
    assert verify(Argument(title="", text="clearly")).state == "argument"


def test_recall_has_the_verdict_of_what_it_recalls() -> None:
    assert verify(recall(TRUE, "FE-1")).ok
    assert not verify(recall(FALSE, "FE-1")).ok
    assert recall(TRUE, "FE-1").latex() == TRUE.latex()


def test_a_program_that_gives_up_leaves_the_step_undecided() -> None:
    verdict = verify(_Crashing(title=""))
    assert verdict.state == "undecided"
    assert "no idea" in verdict.method


def test_verdicts_are_kept() -> None:
    step = _Counting(title="")
    assert verify(step).ok
    assert verify(step).ok
    assert _Counting.calls == 1


def test_derivation_is_ok_only_when_it_has_steps_and_all_are_verified() -> None:
    assert Derivation((TRUE,)).ok
    assert not Derivation(()).ok
    assert not Derivation((TRUE, FALSE)).ok
    assert not Derivation((TRUE, Argument(title="", text="clearly"))).ok
    assert [step.title for step, _ in Derivation((TRUE, FALSE)).unverified()] == ["false"]
