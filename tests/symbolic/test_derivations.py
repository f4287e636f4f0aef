"""Every step of every derivation verifies, and no step does when its statement is turned round.

Oracle of the second half: an identity plus one, an inequality with its sides exchanged, another limit, the
negation of a conclusion are all false.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from focalbook.symbolic import DERIVATIONS, Step, derivation, verify
from focalbook.symbolic.kernel.equality import Identity, Limit, Series
from focalbook.symbolic.kernel.logic import Deduction
from focalbook.symbolic.kernel.sign import Sign

CLAIMS = sorted(DERIVATIONS)


def _all_steps(claim: str) -> list[Step]:
    """The steps of a derivation and everything they rest on."""
    found: dict[int, Step] = {}
    queue: list[Step] = list(derivation(claim))
    while queue:
        step = queue.pop()
        if id(step) not in found:
            found[id(step)] = step
            queue.extend(step.premises())
    return list(found.values())


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_step_is_verified(claim: str) -> None:
    steps = derivation(claim)
    assert len(steps) > 0
    assert [(step.title, verdict.method) for step, verdict in steps.unverified()] == []
    assert steps.ok


@pytest.mark.parametrize("claim", CLAIMS)
def test_steps_have_words_and_formulas(claim: str) -> None:
    for step in derivation(claim):
        assert step.title.strip()
        assert step.title.count("$") % 2 == 0
        assert step.latex().strip()


def _turned_round(step: Step) -> list[Step]:
    """False neighbours of a step."""
    if isinstance(step, Identity):
        return [replace(step, right=step.right + 1)]
    if isinstance(step, Sign):
        return [replace(step, left=step.right, right=step.left)] if step.strict else []
    if isinstance(step, Limit):
        other = sp.Integer(3) if sp.sympify(step.value).is_infinite else step.value + 1
        return [replace(step, value=other)]
    if isinstance(step, Series):
        return [replace(step, terms=step.terms + step.variable / 2)]
    if isinstance(step, Deduction):
        return [replace(step, conclusion=sp.Not(step.conclusion))]
    return []


@pytest.mark.parametrize("claim", CLAIMS)
def test_no_step_verifies_when_turned_round(claim: str) -> None:
    wrong = [neighbour for step in _all_steps(claim) for neighbour in _turned_round(step)]
    assert wrong
    assert [step.title for step in wrong if verify(step).ok] == []


def test_unknown_claim() -> None:
    with pytest.raises(KeyError):
        derivation("FE-99")
