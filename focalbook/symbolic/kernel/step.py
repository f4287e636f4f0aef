"""What a step of a derivation is, and what the verdict on it is.

A derivation is a list of steps. Each step carries the expressions it is about, and a program decides
it: `verify` never samples to accept a step, it samples only to tell a false step from an undecided one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal
from weakref import WeakKeyDictionary

import sympy as sp

State = Literal["verified", "argument", "undecided", "false"]


@dataclass(frozen=True)
class Verdict:
    """The outcome of deciding one step.

    Attributes
    ----------
    state
        ``"verified"``: a program decided it. ``"argument"``: prose that no program decided.
        ``"undecided"``: the program could not decide it. ``"false"``: an evaluation contradicts it.
    method
        How it was decided, in one line.
    """

    state: State
    method: str

    @property
    def ok(self) -> bool:
        """Whether a program verified the step."""
        return self.state == "verified"


def verified(method: str) -> Verdict:
    """Return the verdict of a step that a program verified."""
    return Verdict("verified", method)


def undecided(method: str) -> Verdict:
    """Return the verdict of a step that the program could not decide."""
    return Verdict("undecided", method)


def false(method: str) -> Verdict:
    """Return the verdict of a step that an evaluation contradicts."""
    return Verdict("false", method)


@dataclass(frozen=True, eq=False, kw_only=True)
class Step(ABC):
    """One step of a derivation.

    Attributes
    ----------
    title
        What the step says, in words. Text between dollar signs is mathematics.
    note
        Why the step is there or how to read it; may be empty.
    fold
        Names for subexpressions, used only where the step is shown: for example the loss as ``l(q)``.
    """

    title: str
    note: str = ""
    fold: Mapping[sp.Expr, sp.Symbol] = field(default_factory=dict)
    kind: ClassVar[str] = "step"

    @abstractmethod
    def latex(self) -> str:
        """Return the statement of the step as LaTeX, built from the expressions that are verified."""

    def folded(self, expr: object) -> sp.Basic:
        """Return an expression of the step with the names in ``fold`` for its parts."""
        from focalbook.symbolic.render import folded

        return folded(expr, self.fold)

    def shown(self, expr: object) -> str:
        """Return an expression of the step as LaTeX, with the names in ``fold``."""
        from focalbook.symbolic.render import tex

        return tex(self.folded(expr))

    @abstractmethod
    def decide(self) -> Verdict:
        """Decide the step. Use `verify`, which keeps the verdict."""

    def premises(self) -> tuple[Step, ...]:
        """Return the steps that this one rests on."""
        return ()

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return what the step establishes as Boolean formulas that a `Deduction` may use."""
        return ()

    def _repr_html_(self) -> str:
        from focalbook.symbolic.render import step_html

        return step_html(self)

    def _repr_markdown_(self) -> str:
        from focalbook.symbolic.render import step_markdown

        return step_markdown(self)

    def _repr_latex_(self) -> str:
        return "$\\displaystyle " + self.latex() + "$"


_VERDICTS: WeakKeyDictionary[Step, Verdict] = WeakKeyDictionary()


def verify(step: Step) -> Verdict:
    """Decide a step with a program.

    A step is verified only when every step it rests on is verified too. The verdict is kept: steps are
    immutable, so asking again costs nothing.

    Parameters
    ----------
    step
        The step to decide.

    Returns
    -------
    Verdict
        With ``.ok`` true exactly when a program verified the step and all its premises.
    """
    known = _VERDICTS.get(step)
    if known is not None:
        return known
    verdict = _from_premises(step)
    if verdict is None:
        try:
            verdict = step.decide()
        except (NotImplementedError, ValueError, TypeError, RecursionError) as error:
            verdict = undecided(f"SymPy gave up: {type(error).__name__}: {error}")
    _VERDICTS[step] = verdict
    return verdict


def _from_premises(step: Step) -> Verdict | None:
    """Return the verdict forced by an unverified premise, or None when all premises hold."""
    for premise in step.premises():
        verdict = verify(premise)
        if not verdict.ok:
            return Verdict(verdict.state, f"rests on “{premise.title}”: {verdict.method}")
    return None


@dataclass(frozen=True, eq=False, kw_only=True)
class Argument(Step):
    """A step in prose that no program decides. A derivation that holds one is never proved."""

    text: str
    kind: ClassVar[str] = "argument"

    def latex(self) -> str:
        """Return the argument as text."""
        return r"\text{" + self.text + "}"

    def decide(self) -> Verdict:
        """Return the verdict “argument”: prose cannot be verified."""
        return Verdict("argument", "an argument in words, not decided by a program")


@dataclass(frozen=True, eq=False, kw_only=True)
class Recall(Step):
    """A step of another claim's derivation, used here."""

    step: Step
    claim: str
    kind: ClassVar[str] = "recall"

    def latex(self) -> str:
        """Return the statement of the recalled step."""
        return self.step.latex()

    def premises(self) -> tuple[Step, ...]:
        """Return the recalled step."""
        return (self.step,)

    def facts(self) -> tuple[sp.Basic, ...]:
        """Return the facts of the recalled step."""
        return self.step.facts()

    def decide(self) -> Verdict:
        """Return verified: the recalled step is a premise and has been decided."""
        return verified(f"step of {self.claim}: {verify(self.step).method}")


def recall(step: Step, claim: str) -> Recall:
    """Use a step of another derivation under its own title."""
    return Recall(title=step.title, note=step.note, step=step, claim=claim)


class Derivation(tuple[Step, ...]):
    """The steps of one derivation, in order; rendered as a list with a tick for every verified step."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict on each step, in order."""
        return tuple(verify(step) for step in self)

    @property
    def ok(self) -> bool:
        """Whether the derivation has steps and a program verified all of them."""
        return len(self) > 0 and all(verdict.ok for verdict in self.verdicts)

    def unverified(self) -> Iterator[tuple[Step, Verdict]]:
        """Yield the steps that no program verified, with their verdicts."""
        return ((step, verify(step)) for step in self if not verify(step).ok)

    def _repr_html_(self) -> str:
        from focalbook.symbolic.render import derivation_html

        return derivation_html(self)

    def _repr_markdown_(self) -> str:
        from focalbook.symbolic.render import derivation_markdown

        return derivation_markdown(self)

    def _repr_latex_(self) -> str:
        from focalbook.symbolic.render import derivation_latex

        return derivation_latex(self)
