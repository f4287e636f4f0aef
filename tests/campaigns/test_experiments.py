"""Experiments by name. Oracle: each module has the two functions that a campaign calls."""

from __future__ import annotations

import pytest

from focalbook.campaigns.experiments import EXPERIMENTS, OutOfTimeError, Surroundings, experiment


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_modules_have_what_campaigns_call(name: str) -> None:
    module = experiment(name)
    assert callable(module.configure)
    assert callable(module.execute)


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match="did you mean 'rehearsal'"):
        experiment("rehersal")


def test_surroundings_watch_nothing_unless_told() -> None:
    around = Surroundings("trial")
    assert around.device == "auto"
    around.watch(1, 2)
    assert OutOfTimeError(12.3).expected == 12.3
