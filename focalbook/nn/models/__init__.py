"""Architectures by name, one file each."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import partial
from typing import Any

from torch import nn

from focalbook.nn.models.mlp import MLP

__all__ = ["MLP", "MODELS", "build_model"]

MODELS: dict[str, Callable[..., nn.Module]] = {"mlp": MLP, "tanh-mlp": partial(MLP, activation=nn.Tanh)}


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
        Unknown name; the message says which known name is nearest.
    """
    if name not in MODELS:
        near = difflib.get_close_matches(name, MODELS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"unknown model {name!r}: expected one of {sorted(MODELS)}{hint}")
    return MODELS[name](shape, classes, **options)
