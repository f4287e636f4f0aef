"""Kinds, ranges and contradictions of the settings of a training run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["OPTIMISERS", "PRECISIONS", "REGULARISERS", "SCHEDULES", "SOFT_LOSSES", "check_settings", "plain"]

OPTIMISERS = ("sgd", "adamw")
SCHEDULES = ("one-cycle", "cosine", "constant")
PRECISIONS = ("float32", "tf32", "bf16")
REGULARISERS = ("none", "hessian-trace", "gauss-newton-trace")

#: Losses that take soft targets, which label smoothing and mixup need.
SOFT_LOSSES = ("focal",)

#: Losses with a gamma of their own choice.
_WITH_GAMMA = ("focal", "dual-focal")

_CHOICES = {
    "optimiser": OPTIMISERS,
    "schedule": SCHEDULES,
    "precision": PRECISIONS,
    "regulariser": REGULARISERS,
}
_WORDS = ("data", "model", "loss")
_FLAGS = ("nesterov", "decay_vectors", "flip")
_TABLES = ("model_options", "loss_options")
_WHOLE = {
    "split_seed": 0,
    "per_class": 0,
    "epochs": 1,
    "batch_size": 1,
    "crop": 0,
    "regulariser_probes": 1,
    "regulariser_every": 1,
    "seed": 0,
}

Range = tuple[Callable[[float], bool], str]
_SHARE: Range = (lambda x: 0 <= x < 1, "in [0, 1)")
_NOT_NEGATIVE: Range = (lambda x: 0 <= x < math.inf, "finite and at least 0")
_NUMBERS: dict[str, Range] = {
    "validation": _SHARE,
    "gamma": _NOT_NEGATIVE,
    "label_smoothing": _SHARE,
    "mixup": _NOT_NEGATIVE,
    "learning_rate": (lambda x: 0 < x < math.inf, "finite and above 0"),
    "momentum": _SHARE,
    "beta2": _SHARE,
    "weight_decay": _NOT_NEGATIVE,
    "warmup": _SHARE,
    "sam_rho": _NOT_NEGATIVE,
    "regulariser_coefficient": _NOT_NEGATIVE,
    "clip_norm": _NOT_NEGATIVE,
    "ema": _SHARE,
}


def plain(value: Any) -> Any:
    """A setting as JSON values: tables as dictionaries."""
    return dict(value) if isinstance(value, Mapping) else value


def _refuse(name: str, expected: str, value: object) -> None:
    raise ValueError(f"{name} must be {expected}, got {value!r}.")


def _number(name: str, value: Any) -> float:
    fits, expected = _NUMBERS[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(name, f"a number, {expected}", value)
    if not fits(float(value)):
        _refuse(name, expected, value)
    return float(value)


def _whole(name: str, value: Any) -> int:
    least = _WHOLE[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        _refuse(name, f"a whole number of at least {least}", value)
    return value


def _kinds(values: dict[str, Any]) -> dict[str, Any]:
    """Every setting by itself: its kind and its range."""
    for name in _NUMBERS:
        values[name] = _number(name, values[name])
    for name in _WHOLE:
        values[name] = _whole(name, values[name])
    for name, choices in _CHOICES.items():
        if values[name] not in choices:
            _refuse(name, f"one of {', '.join(choices)}", values[name])
    for name in _WORDS:
        if not isinstance(values[name], str) or not values[name]:
            _refuse(name, "a name", values[name])
    for name in _FLAGS:
        if not isinstance(values[name], bool):
            _refuse(name, "true or false", values[name])
    for name in _TABLES:
        if not isinstance(values[name], Mapping) or not all(isinstance(key, str) for key in values[name]):
            _refuse(name, "a table of settings", values[name])
    return values


def _loss(values: dict[str, Any]) -> None:
    """Loss, gamma and targets must fit together; the cross-entropy is kept as focal loss with gamma 0."""
    loss, gamma = values["loss"], values["gamma"]
    if loss == "cross-entropy":
        if gamma != 0:
            raise ValueError(f"the cross-entropy has no gamma, got {gamma}: choose the loss 'focal'.")
        values["loss"] = loss = "focal"
    if loss not in _WITH_GAMMA and gamma != 0:
        raise ValueError(f"the loss {loss!r} chooses gamma itself, got gamma = {gamma}: leave it at 0.")
    for name in ("label_smoothing", "mixup"):
        if values[name] > 0 and loss not in SOFT_LOSSES:
            raise ValueError(
                f"{name} makes soft targets, and the loss {loss!r} takes classes only: set it to 0 or choose "
                f"the loss 'focal'."
            )


def _optimiser(values: dict[str, Any]) -> None:
    if values["optimiser"] == "adamw" or values["momentum"] == 0:
        values["nesterov"] = False
    if values["optimiser"] == "sgd":
        values["beta2"] = 0.999
    if values["schedule"] == "constant":
        values["warmup"] = 0.0


def _regulariser(values: dict[str, Any]) -> None:
    coefficient = values["regulariser_coefficient"]
    if values["regulariser"] == "none" and coefficient > 0:
        raise ValueError(
            f"regulariser_coefficient = {coefficient} without a regulariser: choose 'hessian-trace' or "
            f"'gauss-newton-trace'."
        )
    if coefficient == 0:
        values |= {"regulariser": "none", "regulariser_probes": 1, "regulariser_every": 1}
    elif values["sam_rho"] > 0:
        raise ValueError("sam_rho and a regulariser exclude each other: set one of them to 0.")


def check_settings(values: dict[str, Any]) -> dict[str, Any]:
    """Settings of a run, each of its kind and in its range, those without effect at their defaults.

    Raises
    ------
    ValueError
        A setting of the wrong kind, out of its range, or that contradicts another.
    """
    values = _kinds(dict(values))
    _loss(values)
    _optimiser(values)
    _regulariser(values)
    return values
