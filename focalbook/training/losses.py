"""Losses by name, as a configuration names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from focalbook.io.names import nearest
from focalbook.nn import FLSD53, AdaFocal, DualFocalLoss, FocalLoss
from focalbook.training.run_config import RunConfig

__all__ = ["LOSSES", "build_loss"]

#: Losses by name. ``cross-entropy`` is another name of ``focal`` at gamma = 0.
LOSSES: dict[str, Callable[..., nn.Module]] = {
    "cross-entropy": FocalLoss,
    "focal": FocalLoss,
    "dual-focal": DualFocalLoss,
    "flsd-53": FLSD53,
    "ada-focal": AdaFocal,
}


def build_loss(config: RunConfig, classes: int) -> nn.Module:
    """The loss of a configuration, on logits (n, classes), mean over the batch.

    Parameters
    ----------
    config : RunConfig
    classes : int

    Returns
    -------
    nn.Module

    Raises
    ------
    ValueError
        Unknown name (the message says which known name is nearest), an option that the loss does not take, or
        weights for another number of classes.
    """
    if config.loss not in LOSSES:
        hint = nearest(config.loss, LOSSES)
        raise ValueError(f"unknown loss {config.loss!r}: expected one of {sorted(LOSSES)}{hint}")
    options: dict[str, Any] = dict(config.loss_options)
    if "weight" in options:
        weight = torch.tensor(options["weight"], dtype=torch.float32)
        if weight.shape != (classes,):
            raise ValueError(f"loss_options.weight has {weight.numel()} entries for {classes} classes.")
        options["weight"] = weight
    if config.loss in ("focal", "dual-focal"):
        options["gamma"] = config.gamma
    if config.loss == "focal":
        options["label_smoothing"] = config.label_smoothing
    try:
        return LOSSES[config.loss](**options)
    except TypeError as error:
        raise ValueError(f"the loss {config.loss!r} cannot be built from loss_options: {error}") from error
