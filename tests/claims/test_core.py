"""Statuses. Oracle: the rules, applied by hand to claims that are made up for it."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp

from focalbook.claims.core import ORDER, Check, Claim, evaluate, rng_for, worse
from focalbook.symbolic import Argument, Derivation
from focalbook.symbolic.kernel.equality import Identity

from .conftest import Make, outcome

x = sp.Symbol("x", positive=True)
TRUE = Identity(title="true", left=x + x, right=2 * x)
FALSE = Identity(title="false", left=x + x, right=3 * x)


def _with_steps(monkeypatch: pytest.MonkeyPatch, *steps: object) -> None:
    monkeypatch.setattr(Claim, "derive", lambda self: Derivation(steps))


def test_check_passes_only_within_tolerance_and_when_something_was_compared() -> None:
    assert Check(1.0, 1.0, 1, "").passed
    assert not Check(1.1, 1.0, 1, "").passed
    assert not Check(0.0, 1.0, 0, "").passed
    assert not Check(math.nan, 1.0, 1, "").passed
    assert not Check(math.inf, 1.0, 1, "").passed


def test_without_a_derivation_a_claim_is_checked(make: Make) -> None:
    assert evaluate(make()).status == "checked"


def test_proved(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_steps(monkeypatch, TRUE)
    result = evaluate(make())
    assert result.status == "proved"
    assert (result.residual, result.tolerance, result.count, result.domain) == (0.5, 1.0, 1, "nowhere")


def test_an_argument_in_words_is_not_a_proof(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_steps(monkeypatch, TRUE, Argument(title="prose", text="clearly"))
    result = evaluate(make())
    assert result.status == "checked"
    assert "1 of 2 steps" in result.reason


def test_a_false_step_fails_the_claim(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_steps(monkeypatch, TRUE, FALSE)
    result = evaluate(make())
    assert result.status == "failed"
    assert "false" in result.reason


def test_a_check_whose_control_passes_has_no_power(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_steps(monkeypatch, TRUE)
    result = evaluate(make(control=outcome(0.9)))
    assert result.status == "failed"
    assert "no power" in result.reason


@pytest.mark.parametrize("residual", [2.0, math.nan, math.inf])
def test_a_failing_check_fails_the_claim(make: Make, residual: float) -> None:
    assert evaluate(make(check=outcome(residual))).status == "failed"


def test_a_check_of_nothing_fails_the_claim(make: Make) -> None:
    assert evaluate(make(check=outcome(0.0, count=0))).status == "failed"


def test_corrected_and_refuted(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Check:
        return Check(5.0, 1.0, 1, "the counterexample")

    _with_steps(monkeypatch, TRUE)
    assert evaluate(make(counterexample=broken)).status == "corrected"
    assert evaluate(make(counterexample=broken, check=outcome(2.0))).status == "refuted"


def test_a_counterexample_that_breaks_nothing_fails_the_claim(make: Make) -> None:
    result = evaluate(make(counterexample=lambda: Check(0.0, 1.0, 1, "")))
    assert result.status == "failed"
    assert "does not break" in result.reason


def test_kinds_with_a_status_of_their_own(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    assert evaluate(make(kind="experiment")).status == "empirical"
    assert evaluate(make(kind="conjecture")).status == "open"
    assert evaluate(make(kind="conjecture", check=outcome(2.0))).status == "failed"
    broken = outcome(5.0)(np.random.default_rng())
    refuted = evaluate(make(kind="conjecture", counterexample=lambda: broken))
    assert (refuted.status, refuted.check.passed) == ("refuted", True)
    _with_steps(monkeypatch, FALSE)
    assert evaluate(make(kind="experiment")).status == "failed"


def test_generators_depend_on_claim_and_part_alone(make: Make) -> None:
    drawn: list[float] = []

    def draw(rng: np.random.Generator) -> Check:
        drawn.append(rng.random())
        return Check(0.0, 1.0, 1, "")

    evaluate(make(check=draw, control=draw))
    evaluate(make(check=draw, control=draw))
    assert drawn[:2] == drawn[2:]
    assert drawn[0] != drawn[1]
    assert rng_for("XX-1", "check").random() != rng_for("XX-2", "check").random()


def test_order_is_total_and_starts_with_proved() -> None:
    assert ORDER[0] == "proved"
    assert ORDER[-1] == "failed"
    for better, lesser in itertools.combinations(ORDER, 2):
        assert worse(lesser, better)
        assert not worse(better, lesser)
    assert not any(worse(status, status) for status in ORDER)
    assert worse("nonsense", "failed")


@pytest.mark.parametrize("claim_id", ["FE8", "fe-8", "FE-", "F-8", "FE-8 "])
def test_ids_have_one_form(make: Make, claim_id: str) -> None:
    with pytest.raises(ValueError, match="form FE-8"):
        make(id=claim_id)


def test_unknown_kind(make: Make) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        make(kind="guess")
