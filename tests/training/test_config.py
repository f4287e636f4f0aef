"""Configurations and their identifiers; oracle: every field changed by hand."""

from __future__ import annotations

import dataclasses

import pytest

from focalbook.training import TrainingConfig


def test_every_field_changes_the_identifier() -> None:
    base = TrainingConfig()
    changes = {
        "model": "other", "hidden": (7,), "gamma": 1.5, "steps": 3, "batch_size": 2, "learning_rate": 0.5,
        "warmup": 0.0, "input_noise": 0.0, "seed": 9,
    }  # fmt: skip
    assert set(changes) == {field.name for field in dataclasses.fields(TrainingConfig)}
    ids = {base.id} | {dataclasses.replace(base, **{name: value}).id for name, value in changes.items()}
    assert len(ids) == len(changes) + 1


def test_equal_configurations_have_equal_identifiers() -> None:
    assert TrainingConfig(gamma=2, hidden=[8, 8]).id == TrainingConfig(gamma=2.0, hidden=(8, 8)).id


def test_dictionary_round_trip() -> None:
    config = TrainingConfig(gamma=0.5, hidden=(3, 4), seed=11)
    assert TrainingConfig.from_dict(config.to_dict()) == config
    assert TrainingConfig.from_dict({}) == TrainingConfig()


def test_unknown_setting_says_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown setting 'gama'.*did you mean 'gamma'"):
        TrainingConfig.from_dict({"gama": 1.0})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gamma", -1.0),
        ("gamma", float("inf")),
        ("steps", 0),
        ("batch_size", 0),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("warmup", 1.0),
        ("input_noise", -0.1),
        ("seed", -1),
    ],
)
def test_values_out_of_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name} must be"):
        TrainingConfig(**{name: value})


def test_configurations_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainingConfig().gamma = 1.0  # type: ignore[misc]
