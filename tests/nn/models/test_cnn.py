"""The small convolutional network. Oracle: its parameters counted by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from focalbook.nn.models import CNN


@pytest.mark.parametrize("batch_norm", [True, False])
def test_count_by_hand(batch_norm: bool) -> None:
    network = CNN((3, 32, 32), 10, widths=(8, 16), batch_norm=batch_norm)
    layers = 3 * 8 * 9 + 8 * 16 * 9 + (2 if batch_norm else 1) * (8 + 16)
    assert sum(p.numel() for p in network.parameters()) == layers + 16 * 10 + 10


def test_one_pixel_is_not_halved() -> None:
    network = CNN((1, 2, 5), 3)
    assert sum(isinstance(m, nn.MaxPool2d) for m in network.features) == 1
    assert network(torch.zeros(2, 1, 2, 5)).shape == (2, 3)


def test_smooth_activation() -> None:
    network = CNN((1, 8, 8), 3, activation=nn.Tanh)
    assert not any(isinstance(m, nn.ReLU) for m in network.modules())


@pytest.mark.parametrize("widths", [(), (8, 0)])
def test_widths_are_checked(widths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="widths must hold"):
        CNN((3, 8, 8), 3, widths=widths)
