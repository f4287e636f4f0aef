"""Configurations of runs of whole networks; oracle: every setting changed by hand."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle

import pytest

from focalbook.training.run_config import RunConfig

#: One change for each setting, with what it needs to have an effect.
CHANGES: dict[str, dict[str, object]] = {
    "data": {"data": "other"},
    "validation": {"validation": 0.2},
    "split_seed": {"split_seed": 1},
    "per_class": {"per_class": 5},
    "model": {"model": "cnn"},
    "model_options": {"model_options": {"hidden": [4]}},
    "loss": {"loss": "dual-focal"},
    "gamma": {"gamma": 1.5},
    "loss_options": {"loss_options": {"weight": [1.0, 2.0]}},
    "label_smoothing": {"label_smoothing": 0.1},
    "mixup": {"mixup": 0.2},
    "optimiser": {"optimiser": "adamw"},
    "learning_rate": {"learning_rate": 0.5},
    "momentum": {"momentum": 0.5},
    "nesterov": {"nesterov": False},
    "beta2": {"optimiser": "adamw", "beta2": 0.99},
    "weight_decay": {"weight_decay": 0.0},
    "decay_vectors": {"decay_vectors": True},
    "schedule": {"schedule": "cosine"},
    "warmup": {"warmup": 0.0},
    "epochs": {"epochs": 3},
    "batch_size": {"batch_size": 7},
    "crop": {"crop": 4},
    "flip": {"flip": True},
    "precision": {"precision": "bf16"},
    "sam_rho": {"sam_rho": 0.05},
    "regulariser": {"regulariser": "hessian-trace", "regulariser_coefficient": 1e-3},
    "regulariser_coefficient": {"regulariser": "hessian-trace", "regulariser_coefficient": 1e-2},
    "regulariser_probes": {
        "regulariser": "hessian-trace", "regulariser_coefficient": 1e-3, "regulariser_probes": 2,
    },
    "regulariser_every": {
        "regulariser": "hessian-trace", "regulariser_coefficient": 1e-3, "regulariser_every": 2,
    },
    "clip_norm": {"clip_norm": 1.0},
    "ema": {"ema": 0.99},
    "seed": {"seed": 9},
}  # fmt: skip


def test_every_setting_changes_the_identifier() -> None:
    assert set(CHANGES) == {entry.name for entry in dataclasses.fields(RunConfig)}
    ids = {RunConfig().id} | {RunConfig(**change).id for change in CHANGES.values()}  # type: ignore[arg-type]
    assert len(ids) == len(CHANGES) + 1


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_round_trips(change: dict[str, object]) -> None:
    config = RunConfig(**change)  # type: ignore[arg-type]
    assert RunConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    assert pickle.loads(pickle.dumps(config)) == config
    assert copy.deepcopy(config).id == config.id
    assert hash(copy.deepcopy(config)) == hash(config)


def test_equal_runs_have_equal_identifiers() -> None:
    assert RunConfig(gamma=2).id == RunConfig(gamma=2.0).id
    assert RunConfig(loss="cross-entropy").id == RunConfig(loss="focal", gamma=0).id
    assert RunConfig(optimiser="adamw", nesterov=True).id == RunConfig(optimiser="adamw", nesterov=False).id
    assert RunConfig(regulariser="hessian-trace", regulariser_probes=3).id == RunConfig().id
    assert RunConfig(schedule="constant", warmup=0.5).id == RunConfig(schedule="constant").id
    assert RunConfig(model_options={"hidden": (8, 8)}).id == RunConfig(model_options={"hidden": [8, 8]}).id


def test_nothing_can_be_changed() -> None:
    given = {"hidden": [4]}
    config = RunConfig(model_options=given)
    given["hidden"] = [5]
    assert config.model_options["hidden"] == [4]
    with pytest.raises(TypeError):
        config.model_options["hidden"] = [6]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.seed = 3  # type: ignore[misc]


def test_unknown_setting_says_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown setting 'learnig_rate'.*did you mean 'learning_rate'"):
        RunConfig.from_dict({"learnig_rate": 1.0})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gamma": -1.0}, "gamma must be finite and at least 0, got -1.0"),
        ({"gamma": "2"}, "gamma must be a number"),
        ({"gamma": True}, "gamma must be a number"),
        ({"learning_rate": 0.0}, "learning_rate must be finite and above 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be finite"),
        ({"epochs": 0}, "epochs must be a whole number of at least 1"),
        ({"epochs": 2.5}, "epochs must be a whole number"),
        ({"epochs": True}, "epochs must be a whole number"),
        ({"flip": 1}, "flip must be true or false"),
        ({"momentum": 1.0}, r"momentum must be in \[0, 1\)"),
        ({"validation": 1.0}, r"validation must be in \[0, 1\)"),
        ({"precision": "fp8"}, "precision must be one of float32, tf32, bf16, got 'fp8'"),
        ({"data": ""}, "data must be a name"),
        ({"model_options": [1]}, "model_options must be a table"),
        ({"loss": "cross-entropy", "gamma": 1.0}, "the cross-entropy has no gamma"),
        ({"loss": "flsd-53", "gamma": 1.0}, "chooses gamma itself"),
        ({"loss": "dual-focal", "mixup": 0.2}, "mixup makes soft targets"),
        ({"loss": "ada-focal", "label_smoothing": 0.2}, "label_smoothing makes soft targets"),
        ({"regulariser_coefficient": 1e-3}, "without a regulariser"),
        (
            {"regulariser": "hessian-trace", "regulariser_coefficient": 1e-3, "sam_rho": 0.1},
            "exclude each other",
        ),
    ],
)
def test_bad_settings_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RunConfig(**changes)  # type: ignore[arg-type]


def test_options_must_be_json() -> None:
    with pytest.raises((TypeError, ValueError), match=r"JSON"):
        RunConfig(model_options={"a": float("nan")})
    with pytest.raises(TypeError, match="JSON"):
        RunConfig(model_options={"a": object()})
