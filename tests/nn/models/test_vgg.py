"""VGG-19. Oracle: configuration E of the paper: sixteen convolutions and five halvings."""

from __future__ import annotations

import pytest
from torch import nn

from focalbook.nn.models import VGG19


@pytest.mark.parametrize(("side", "halvings"), [(32, 5), (28, 4), (8, 3), (1, 0)])
def test_layers(side: int, halvings: int) -> None:
    network = VGG19((3, side, side), 4)
    kinds = [type(m) for m in network.features]
    assert kinds.count(nn.Conv2d) == kinds.count(nn.BatchNorm2d) == 16
    assert kinds.count(nn.MaxPool2d) == halvings
