"""Rules and their costs. Oracles: invented records, a loop over networks, and networks made by formula."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from focalbook.campaigns import recovery_rules as rules
from focalbook.campaigns.recovery_study import TREATMENTS, study
from focalbook.theory.minimizer import minimizer
from tests.campaigns.invented_recovery import CHANGES, plan, records


def test_temperatures_foretell_the_invented_changes() -> None:
    found = study(plan(), records())
    seen = rules.diagnosis(found)
    assert len(seen.change) == 12
    assert not seen.errs(0.0).any()
    assert ((seen.foretold > 0) == (seen.cell == 0)).all()
    turned = dataclasses.replace(seen, foretold=-seen.foretold)
    assert turned.errs(0.0).all()
    np.testing.assert_array_equal(turned.errs(0.2), np.abs(seen.change) > 0.2)


def test_costs_are_those_of_a_loop() -> None:
    found = study(plan(), records())
    for rule in rules.RULES:
        cost = rules.costs(found, rule)
        for cell, name in enumerate(found.cells):
            for g, gamma in enumerate(found.gammas):
                for seed in range(3):
                    shift = np.array([0, 1, 1, 1]) * 0.001 * (seed - 1)
                    loss = gamma * np.array([0.0, *CHANGES[name]]) + shift
                    if gamma == 0:
                        loss[2:] = loss[:2]
                    chosen = rules.choices(found, rule)[cell, g, seed]
                    assert cost[cell, g, seed] == pytest.approx(loss[chosen] - loss.min(), abs=1e-12)


def test_rules_choose_as_they_are_called() -> None:
    found = study(plan(), records())
    assert (rules.choices(found, "always: recovered") == 2).all()
    best = rules.choices(found, "least validation NLL")[:, 1:]  # validation and test losses are equal here
    assert (best[0] == TREATMENTS.index("recovered, temperature")).all()
    assert (best[1] == TREATMENTS.index("temperature")).all()
    np.testing.assert_array_equal(rules.choices(found, "temperature nearer 1")[:, 1:], best)
    assert rules.winners(found, 0)["recovered, temperature"] == 6
    assert rules.winners(found, 1)["temperature"] == 6
    with pytest.raises(ValueError, match="unknown rule 'best'"):
        rules.choices(found, "best")


def test_a_rule_without_its_numbers_does_not_choose() -> None:
    """Oracle: records without validation losses of treatments, as they were once made."""
    old = [
        dataclasses.replace(
            r, metrics={k: m for k, m in r.metrics.items() if not k.startswith("validation nll,")}
        )
        for r in records()
    ]
    found = study(plan(), old)
    assert (rules.choices(found, "least validation NLL") == -1).all()
    assert rules.mean_cost(found, "least validation NLL", 0) is None
    cost = rules.mean_cost(found, "always: as it is", 1)
    assert cost is not None
    assert cost.value == pytest.approx(0.45)  # mean of 0.3 and 0.6


def test_partial_grids_count_what_is_there() -> None:
    found = study(plan(), records(slice(8)))  # one seed whole, a part of the next
    cost = rules.mean_cost(found, "always: as it is", 0)
    assert cost is not None
    assert cost.n == 1
    assert sum(rules.winners(found, 0).values()) == 3
    assert len(rules.diagnosis(study(plan(), [])).change) == 0


@pytest.mark.parametrize("boldness", [1.0, 3.0])
@pytest.mark.parametrize("treatment", ["recovered, temperature", "temperature"])
def test_advice_for_networks_made_by_formula(boldness: float, treatment: str) -> None:
    """Minimisers of a sharpened truth need both; a sharpened truth itself needs a temperature alone."""
    rng = np.random.default_rng(0)
    truth = np.maximum(rng.dirichlet(np.full(5, 0.6), 6000), 1e-9)
    truth /= truth.sum(axis=1, keepdims=True)
    labels = np.minimum((truth.cumsum(axis=1) < rng.random((len(truth), 1))).sum(axis=1), 4)
    beneath = truth**boldness / (truth**boldness).sum(axis=1, keepdims=True)
    logits = np.log(beneath if treatment == "temperature" else minimizer(beneath, 2.0))
    found = rules.advise(logits, labels, 2.0)
    assert found.treatment == treatment
    needed = found.temperature if treatment == "temperature" else found.after_recovery
    assert needed == pytest.approx(boldness, rel=0.05)
    assert found.temperature < found.after_recovery
    np.testing.assert_allclose(found.map.probabilities(logits), truth, atol=0.02)
