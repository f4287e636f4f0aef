"""Deductions: the conclusion follows from the premises by linear arithmetic over the reals.

The premises together with the negated conclusion have no model, while the premises alone have one, so that
nothing follows from a contradiction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.arithmetic import NotLinear, satisfiable
from focalbook.symbolic.kernel.step import Step, Verdict, false, undecided, verified


@dataclass(frozen=True, eq=False)
class Premise:
    """A formula that a deduction may use, with the reason why it may.

    ``step`` is the step that establishes it; a premise without a step is an assumption of the claim or
    a definition, and ``reason`` says which.
    """

    formula: sp.Basic
    reason: str
    step: Step | None = None


def assume(formula: sp.Basic, reason: str) -> Premise:
    """Take an assumption of the claim, or a definition, as a premise."""
    return Premise(formula, reason)


def by(
    step: Step,
    names: Mapping[sp.Expr, sp.Symbol],
    at: Mapping[sp.Symbol, sp.Expr] | None = None,
    fact: int = 0,
) -> Premise:
    """Take what a step establishes as a premise.

    Parameters
    ----------
    step
        The step.
    names
        Symbols that stand for the nonlinear expressions in it.
    at
        Arguments at which its variables are taken.
    fact
        Which of the facts of the step, when it establishes several.
    """
    formula = step.facts()[fact]
    if at:
        formula = formula.subs(at, simultaneous=True)
    return Premise(rename(formula, names), step.title, step)


def summed(step: Step, formula: sp.Basic, reason: str) -> Premise:
    """Take as a premise what a step about one atom gives when it is summed over several atoms."""
    return Premise(formula, reason, step)


def rename(formula: sp.Basic, names: Mapping[sp.Expr, sp.Symbol]) -> sp.Basic:
    """Replace expressions by symbols inside a formula, longest expressions first."""
    for expr in sorted(names, key=sp.count_ops, reverse=True):
        formula = formula.subs(expr, names[expr])
    return formula


@dataclass(frozen=True, eq=False, kw_only=True)
class Deduction(Step):
    """The conclusion follows from the premises by propositional logic and linear arithmetic."""

    given: tuple[Premise, ...]
    conclusion: sp.Basic
    kind: ClassVar[str] = "deduction"

    def premises(self) -> tuple[Step, ...]:
        """Return the steps that establish the premises."""
        return tuple(premise.step for premise in self.given if premise.step is not None)

    def latex(self) -> str:
        """Return the conclusion."""
        return self.shown(self.conclusion)

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the conclusion."""
        return (self.conclusion,)

    def decide(self) -> Verdict:
        """Ask for a model of the premises, and for a counterexample to the conclusion."""
        given = [premise.formula for premise in self.given]
        try:
            if not satisfiable(*given):
                return false("the premises contradict each other")
            if satisfiable(sp.Not(self.conclusion), *given):
                return false("the premises hold in a case where the conclusion does not")
        except NotLinear as error:
            return undecided(f"{error}: an expression that is not linear has no name")
        return verified("linear real arithmetic: the negated conclusion has no model")
