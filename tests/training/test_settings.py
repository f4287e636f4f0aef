"""Checks of settings; oracle: the fields of the configuration, each of which has to be checked."""

from __future__ import annotations

import dataclasses

import pytest

from focalbook.training import settings
from focalbook.training.optimisers import build_optimiser
from focalbook.training.run_config import RunConfig
from focalbook.training.schedules import SCHEDULES
from tests.training.networks import TinyConv


def test_every_setting_has_one_check() -> None:
    checked = [
        *settings._NUMBERS, *settings._WHOLE, *settings._CHOICES, *settings._WORDS, *settings._FLAGS,
        *settings._TABLES,
    ]  # fmt: skip
    assert sorted(checked) == sorted(entry.name for entry in dataclasses.fields(RunConfig))


@pytest.mark.parametrize("entry", dataclasses.fields(RunConfig), ids=lambda entry: entry.name)
def test_no_setting_takes_another_kind(entry: dataclasses.Field[object]) -> None:
    with pytest.raises(ValueError, match=f"^{entry.name} must be "):
        RunConfig(**{entry.name: None})  # type: ignore[arg-type]


def test_names_are_those_of_the_modules_that_know_them() -> None:
    assert set(settings.SCHEDULES) == set(SCHEDULES)
    for name in settings.OPTIMISERS:
        build_optimiser(RunConfig(optimiser=name), TinyConv((1, 4, 4), 3))


def test_nothing_given_is_changed() -> None:
    given = RunConfig().to_dict() | {"optimiser": "adamw"}
    before = dict(given)
    settings.check_settings(given)
    assert given == before
