"""Architectures by name, one file each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from torch import nn

from focalbook.io.names import nearest
from focalbook.nn.models.cnn import CNN
from focalbook.nn.models.mlp import MLP
from focalbook.nn.models.mobilenet import MobileNetV2
from focalbook.nn.models.resnet import ResNet18
from focalbook.nn.models.vgg import VGG19
from focalbook.nn.models.vit import ViT

__all__ = ["CNN", "MLP", "MODELS", "VGG19", "MobileNetV2", "ResNet18", "ViT", "build_model"]

#: Architectures by name. All but the perceptrons take images of shape (channels, height, width).
MODELS: dict[str, Callable[..., nn.Module]] = {
    "mlp": MLP,
    "tanh-mlp": partial(MLP, activation=nn.Tanh),
    "cnn": CNN,
    "resnet18": ResNet18,
    "mobilenet-v2": MobileNetV2,
    "vgg19": VGG19,
    "vit": ViT,
}

_FIXED = ("shape", "classes")


def build_model(name: str, shape: tuple[int, ...], classes: int, **options: Any) -> nn.Module:
    """Build an untrained network.

    Parameters
    ----------
    name : str
        One of :data:`MODELS`.
    shape : tuple of int
        Shape of one input.
    classes : int, >= 2
        Number of logits.
    **options
        Passed to the architecture.

    Returns
    -------
    nn.Module
        Maps (n, *shape) to logits (n, classes). Initial weights come from PyTorch's global generator.

    Raises
    ------
    ValueError
        Unknown name or option; the message says which known one is nearest. Sizes that do not fit.
    """
    if name not in MODELS:
        hint = nearest(name, MODELS)
        raise ValueError(f"unknown model {name!r}: expected one of {sorted(MODELS)}{hint}")
    known = [option for option in inspect.signature(MODELS[name]).parameters if option not in _FIXED]
    for option in options:
        if option not in known:
            hint = nearest(option, known) or f"; it has {', '.join(known) or 'none'}"
            raise ValueError(f"model {name!r} has no option {option!r}{hint}")
    return MODELS[name](shape, classes, **options)
