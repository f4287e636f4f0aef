"""Parameters of the architectures, counted without memory, beside the numbers that others publish."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch

from focalbook.nn.models import build_model

__all__ = ["PUBLISHED", "Published", "count", "published_form"]


@dataclass(frozen=True)
class Published:
    """A published number of parameters, and how our architecture is brought into the published form.

    Attributes
    ----------
    title, name : str
        For the reader, and in :data:`focalbook.nn.models.MODELS`.
    number : float
        As published.
    digits : int
        Decimal places of `number` in millions; 6 is exact.
    source : str
        Bibliography key.
    shape : tuple of int
        Of one image there.
    options : dict
        Options of the architecture there.
    beside : int
        Parameters that the published form has and ours has not, for ImageNet's stem or head.
    """

    title: str
    name: str
    number: float
    digits: int
    source: str
    shape: tuple[int, int, int] = (3, 224, 224)
    options: dict[str, Any] = field(default_factory=dict)
    beside: int = 0


#: Two more linear layers of 4,096 units, and a head on them in place of one on 512 channels.
_VGG_HEAD = (512 * 49 + 1) * 4096 + (4096 + 1) * 4096 + (4096 - 512) * 1000

PUBLISHED = (
    Published("ResNet-18", "resnet18", 11_689_512, 6, "torchvision", beside=64 * 3 * (49 - 9)),
    Published("MobileNet-v2", "mobilenet-v2", 3_504_872, 6, "torchvision"),
    Published(
        "VGG-19 with batch norm", "vgg19", 143_678_248, 6, "torchvision", (3, 32, 32), beside=_VGG_HEAD
    ),
    Published("ViT, Ti/16", "vit", 5.7e6, 1, "steiner2022train", options={"patch": 16}),
)


def count(name: str, shape: tuple[int, ...], classes: int, **options: Any) -> int:
    """Number of trained parameters of an architecture; no memory is used for them.

    Parameters
    ----------
    name, shape, classes, **options
        See :func:`focalbook.nn.models.build_model`.

    Examples
    --------
    >>> count("resnet18", (3, 32, 32), 100)
    11220132
    """
    with torch.device("meta"):
        model = build_model(name, shape, classes, **options)
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def published_form(entry: Published) -> int:
    """Parameters of our architecture with the classes, the stem and the head of the published one."""
    return count(entry.name, entry.shape, 1000, **entry.options) + entry.beside
