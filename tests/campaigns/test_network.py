"""Training as an experiment of campaigns; oracle: the single run, and the budget's exception."""

from __future__ import annotations

import pytest

from focalbook.campaigns import single
from focalbook.campaigns.experiments import OutOfTimeError, Surroundings, experiment
from focalbook.training import RunConfig

SETTINGS = {"epochs": 2, "gamma": 2, "model_options": {"hidden": [8]}}


def test_the_record_is_that_of_a_single_run() -> None:
    module = experiment("training")
    configuration = module.configure(SETTINGS)
    assert configuration == RunConfig.from_dict(SETTINGS).to_dict()
    seen: list[tuple[int, int]] = []
    around = Surroundings("grid", "cpu", None, False, lambda done, total: seen.append((done, total)))
    record = module.execute(configuration, around)
    assert (
        record.id
        == single.execute(RunConfig.from_dict(SETTINGS), device="cpu", campaign="grid", resamples=0).id
    )
    assert seen == [(1, 2), (2, 2)]
    assert record.metrics["test accuracy"].n == 539


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown setting 'gama' of a training run; did you mean 'gamma'"):
        experiment("training").configure({"gama": 1})


def test_a_run_that_takes_too_long_is_given_up() -> None:
    def watch(done: int, total: int) -> None:
        raise OutOfTimeError(99.0)

    module = experiment("training")
    with pytest.raises(OutOfTimeError, match="99 s"):
        module.execute(module.configure(SETTINGS), Surroundings("grid", "cpu", None, False, watch))
