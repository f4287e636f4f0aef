"""Shapes of images and initial weights. Oracle: the variance 2/fan_out of He et al., by a z-test."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from focalbook.nn.models._image import check_classes, check_image, initialise


def test_shapes() -> None:
    assert check_image((3, 32, 16)) == (3, 32, 16)
    with pytest.raises(ValueError, match="at least 4 x 4, got 8 x 3"):
        check_image((1, 8, 3), smallest=4)
    assert check_classes(2) == 2


def test_variance_of_convolutions() -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(40, 60, 3)
    initialise(layer)
    values = layer.weight.detach().double().flatten()
    expected = 2 / (60 * 9)
    z = (float((values**2).mean()) / expected - 1) / math.sqrt(2 / values.numel())
    assert abs(z) < 4
    assert float(layer.bias.detach().abs().max()) == 0.0
