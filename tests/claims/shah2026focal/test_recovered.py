"""What decides EX-5. Oracle: invented records whose signs are known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from focalbook.campaigns.recovery_study import study
from focalbook.claims.shah2026focal.recovered import TOLERANCE, disagreement, signs
from tests.campaigns.invented_recovery import plan, records


def test_records_that_agree_and_their_opposites() -> None:
    found = study(plan(), records())
    assert disagreement(found) == 0
    assert disagreement(found, exchanged=True) == 1
    change = found.change("test nll", "recovered")
    assert signs(found, change, ("lower", "higher")) == 0
    assert signs(found, change, ("higher", "lower")) == 1
    assert signs(found, change, ("lower", "lower")) == 1


def test_one_wrong_network_in_six_is_too_many() -> None:
    """Temperatures of one network exchanged by hand."""
    made = records()
    one = next(k for k, r in enumerate(made) if r.configuration["gamma"] == 2)
    m = made[one].metrics
    swapped = {
        "fitted temperature": m["fitted recovered, temperature"],
        "fitted recovered, temperature": m["fitted temperature"],
    }
    made[one] = dataclasses.replace(made[one], metrics=m | swapped)
    assert disagreement(study(plan(), made)) == pytest.approx(1 / 6)
    assert TOLERANCE < 1 / 6


def test_a_changed_accuracy_is_never_forgiven() -> None:
    made = records()
    wrong = dataclasses.replace(made[1].metrics["test accuracy"], value=0.4)
    made[1] = dataclasses.replace(made[1], metrics=made[1].metrics | {"test accuracy, recovered": wrong})
    assert disagreement(study(plan(), made)) == np.inf


def test_no_records_decide_nothing() -> None:
    assert disagreement(study(plan(), [])) == 0


def test_an_interval_that_does_not_tell_is_not_on_its_side() -> None:
    found = study(plan(), records())
    change = found.change("test nll", "recovered").copy()
    change[0, 1] = [-0.1, 0.1, 0.0]
    assert signs(found, change, ("lower", "higher")) == 0.5
