"""What the architectures for images share: checked shapes and the initial weights of convolutions."""

from __future__ import annotations

from torch import nn

__all__ = ["check_classes", "check_image", "initialise"]


def check_classes(classes: int) -> int:
    """At least two classes."""
    if classes < 2:
        raise ValueError(f"at least two classes are needed, got {classes}.")
    return classes


def check_image(shape: tuple[int, ...], smallest: int = 1) -> tuple[int, int, int]:
    """Channels, height and width of one image, each side at least `smallest`.

    Raises
    ------
    ValueError
        Not three numbers, a number below 1, or a side below `smallest`.
    """
    if len(shape) != 3 or min(shape) < 1:
        hint = "; a grey image has one channel, (1, height, width)" if len(shape) == 2 else ""
        raise ValueError(f"the shape of an image is (channels, height, width), got {tuple(shape)}{hint}.")
    channels, height, width = shape
    if min(height, width) < smallest:
        raise ValueError(f"images must be at least {smallest} x {smallest}, got {height} x {width}.")
    return channels, height, width


def initialise(network: nn.Module) -> None:
    """Draw convolutions from N(0, 2/fan_out), the rule of He et al. (2015); biases and offsets start at 0."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
