"""OB-3 and OB-7. Oracle: their own controls, and single parts of the checks with one of them made wrong."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.core import evaluate
from focalbook.claims.shah2025onebit import asymptotics
from focalbook.claims.tally import Tally

NORMAL, REPLICATES = asymptotics.CLAIMS


def test_proved() -> None:
    result = evaluate(NORMAL)
    assert result.status == "proved", result.reason
    assert result.control.residual > 100 * result.control.tolerance
    assert result.count > 1000


@pytest.mark.parametrize("part", [asymptotics._one_parameter, asymptotics._two_parameters])
def test_each_part_of_the_control_fails_by_itself(part) -> None:
    tally = Tally(1e-9, "nowhere")
    part(np.random.default_rng(0), tally, False)
    assert tally.done().residual > 100 * tally.tolerance


def test_a_smaller_bound_on_third_derivatives_is_noticed(monkeypatch) -> None:
    monkeypatch.setattr(asymptotics, "third_derivatives", lambda model, z: (4.0 + 0 * z, 0 * z))
    tally = Tally(1e-9, "nowhere")
    asymptotics._third(np.random.default_rng(0), tally)
    assert not tally.done().passed


def test_replicates_with_another_seed_and_the_control() -> None:
    check = REPLICATES.check(np.random.default_rng(1))
    assert check.passed, check
    assert check.count > 100
    control = REPLICATES.control(np.random.default_rng(3))
    assert control.residual > 10 * control.tolerance


def test_experiment_has_the_status_of_one() -> None:
    assert REPLICATES.kind == "experiment"
    assert not REPLICATES.derived
