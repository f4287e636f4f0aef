"""ResNet-18. Oracles: the count of parameters layer by layer, the sizes after each stage."""

from __future__ import annotations

import pytest
import torch

from focalbook.nn.models import ResNet18


def _by_hand(width: int, classes: int, channels: int = 3) -> int:
    def conv(before: int, after: int, size: int) -> int:
        return before * after * size * size + 2 * after  # batch norm included

    now = 64 * width
    total = conv(channels, now, 3)
    for after in (64 * width, 128 * width, 256 * width, 512 * width):
        total += conv(now, after, 3) + conv(after, after, 3) + 2 * conv(after, after, 3)
        total += conv(now, after, 1) if now != after else 0
        now = after
    return total + now * classes + classes


@pytest.mark.parametrize("width", [1, 2])
def test_count_by_hand(width: int) -> None:
    with torch.device("meta"):
        network = ResNet18((3, 32, 32), 100, width=width)
    assert sum(p.numel() for p in network.parameters()) == _by_hand(width, 100)


def test_stages_halve_the_image_three_times() -> None:
    network = ResNet18((3, 32, 32), 10).eval()
    with torch.no_grad():
        x = network.stem(torch.zeros(1, 3, 32, 32))
        sizes = [tuple((x := block(x)).shape[1:]) for block in network.blocks]
    assert sizes[1::2] == [(64, 32, 32), (128, 16, 16), (256, 8, 8), (512, 4, 4)]


def test_width_is_checked() -> None:
    with pytest.raises(ValueError, match="width must be at least 1"):
        ResNet18((3, 8, 8), 3, width=0)
