"""MobileNet-v2. Oracle: sizes after each stage from Table 2 of the paper, for small images."""

from __future__ import annotations

import torch

from focalbook.nn.models import MobileNetV2
from focalbook.nn.models.mobilenet import STAGES


def test_sizes() -> None:
    network = MobileNetV2((3, 32, 32), 10).eval()
    x = torch.zeros(1, 3, 32, 32)
    with torch.no_grad():
        sizes = [tuple((x := layer(x)).shape[1:]) for layer in network.features]
    assert sizes[-1] == (1280, 4, 4)
    assert (160, 4, 4) in sizes
    assert (24, 32, 32) in sizes
    blocks = [layer for layer in network.features if hasattr(layer, "residual")]
    assert len(blocks) == sum(repeats for _, _, repeats, _ in STAGES) == 17
    assert sum(block.residual for block in blocks) == 10  # every repeat, as in the paper


def test_filters_work_on_one_channel_each() -> None:
    network = MobileNetV2((3, 8, 8), 3)
    sizes = [m.groups for m in network.modules() if isinstance(m, torch.nn.Conv2d) and m.groups > 1]
    assert len(sizes) == 17
    assert sizes[0] == 32
    assert sizes[-1] == 960
