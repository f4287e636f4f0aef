"""Frozen configurations of training runs."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from focalbook.store import configuration_id

__all__ = ["TrainingConfig"]


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Everything that decides the outcome of a training run, apart from the data.

    Attributes
    ----------
    model : str
        Name of the architecture, see :data:`focalbook.nn.models.MODELS`.
    hidden : tuple of int
        Widths of the hidden layers.
    gamma : float, >= 0
        Focusing parameter of the loss; 0 is the cross-entropy.
    steps : int, >= 1
        Optimiser steps.
    batch_size : int, >= 1
        Images in a step; all images where there are fewer.
    learning_rate : float, > 0
        Peak learning rate of Adam.
    warmup : float, in [0, 1)
        Share of the steps in which the learning rate rises linearly; after it falls to 0 along a cosine.
    input_noise : float, >= 0
        Standard deviation of Gaussian noise added to the pixels, which span [0, 1], in training.
    seed : int, >= 0
        Seed of initial weights, order of images, noise and drawn labels.
    """

    model: str = "mlp"
    hidden: tuple[int, ...] = (128, 128)
    gamma: float = 0.0
    steps: int = 800
    batch_size: int = 128
    learning_rate: float = 1e-2
    warmup: float = 0.2
    input_noise: float = 0.15
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "hidden", tuple(int(width) for width in self.hidden))
        object.__setattr__(self, "gamma", float(self.gamma))
        for name, ok, expected in (
            ("gamma", math.isfinite(self.gamma) and self.gamma >= 0, "finite and at least 0"),
            ("steps", self.steps >= 1, "at least 1"),
            ("batch_size", self.batch_size >= 1, "at least 1"),
            ("learning_rate", 0 < self.learning_rate < math.inf, "finite and above 0"),
            ("warmup", 0 <= self.warmup < 1, "in [0, 1)"),
            ("input_noise", 0 <= self.input_noise < math.inf, "finite and at least 0"),
            ("seed", self.seed >= 0, "at least 0"),
        ):
            if not ok:
                raise ValueError(f"{name} must be {expected}, got {getattr(self, name)!r}.")

    def to_dict(self) -> dict[str, Any]:
        """The configuration as JSON values."""
        return dataclasses.asdict(self) | {"hidden": list(self.hidden)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainingConfig:
        """The configuration written by :meth:`to_dict`; missing keys take their defaults.

        Raises
        ------
        ValueError
            An unknown key (the message says which known key is nearest), or a value out of range.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        for key in values:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise ValueError(f"unknown setting {key!r} of a training run{hint}")
        return cls(**values)

    @property
    def id(self) -> str:
        """Identifier, equal for equal configurations."""
        return configuration_id(self.to_dict())
