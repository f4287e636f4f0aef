"""What a run needs before its first step: data that fit together, and the network at its initial weights."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from focalbook.data import Partition
from focalbook.nn.models import build_model
from focalbook.training.run_config import RunConfig
from focalbook.training.streams import Streams

__all__ = ["check_partition", "compiled_forward", "initial_model"]


def initial_model(config: RunConfig, shape: tuple[int, ...], classes: int) -> nn.Module:
    """The network of a configuration with its initial weights, on the CPU.

    Raises
    ------
    ValueError
        Unknown architecture, or options that it does not take.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(Streams.of(config.seed).weights)
        try:
            return build_model(config.model, shape, classes, **config.model_options)
        except TypeError as error:
            raise ValueError(
                f"the model {config.model!r} cannot be built from model_options: {error}"
            ) from error


def check_partition(parts: Partition) -> None:
    """Refuse parts of data that are empty (validation may be), disagree, or have labels out of range."""
    first = parts.train
    for name in ("train", "validation", "test"):
        part = getattr(parts, name)
        if len(part) == 0 and name != "validation":
            raise ValueError(f"the {name} part of the data holds no image.")
        if part.classes != first.classes:
            raise ValueError(f"the train part has {first.classes} classes, the {name} part {part.classes}.")
        if len(part) and not 0 <= part.labels.min() <= part.labels.max() < part.classes:
            raise ValueError(
                f"labels of the {name} part span {part.labels.min()} .. {part.labels.max()}, and there are "
                f"{part.classes} classes, 0 .. {part.classes - 1}."
            )
        if part.images.shape[1:] != first.images.shape[1:]:
            raise ValueError(
                f"images of the train part have shape {first.images.shape[1:]}, those of the {name} part "
                f"{part.images.shape[1:]}."
            )


def compiled_forward(model: nn.Module, mode: bool | str) -> Callable[[Tensor], Tensor]:
    """The network, compiled unless the mode is False."""
    if mode is False:
        return model
    try:
        return torch.compile(model, mode=None if mode is True else mode)
    except RuntimeError as error:
        raise ValueError(f"cannot compile: {error}") from error
