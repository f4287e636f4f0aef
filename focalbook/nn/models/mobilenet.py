"""MobileNet-v2 for small images."""

from __future__ import annotations

from torch import Tensor, nn

from focalbook.nn.models._image import check_classes, check_image, initialise

__all__ = ["MobileNetV2"]

#: Expansion, channels, repeats and stride of each stage (Table 2 of the paper); the second stage keeps the
#: size of the image, and so does the stem, because images are small.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 1),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def _convolution(before: int, after: int, size: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    convolution = nn.Conv2d(before, after, size, stride, size // 2, groups=groups, bias=False)
    return [convolution, nn.BatchNorm2d(after), nn.ReLU6()]


class _Block(nn.Module):
    """Inverted residual: expand, filter each channel alone, project without an activation."""

    def __init__(self, before: int, after: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = before * expansion
        layers = _convolution(before, inner, 1) if expansion != 1 else []
        layers += _convolution(inner, inner, 3, stride, groups=inner)
        self.layers = nn.Sequential(*layers, *_convolution(inner, after, 1)[:2])
        self.residual = stride == 1 and before == after

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x) if self.residual else self.layers(x)


class MobileNetV2(nn.Module):
    """MobileNet-v2 whose first three halvings of the image are left to one.

    Parameters
    ----------
    shape : tuple of int
        (channels, height, width) of one image, of any size.
    classes : int, >= 2
        Number of logits.

    Raises
    ------
    ValueError
        Fewer than two classes, or a shape that is no image.

    Notes
    -----
    Source: ``sandler2018mobilenet``, Table 2, with dropout left out. 2,351,972 parameters with 100 classes
    and three channels, 3,504,872 with 1,000 classes, as the paper's.
    """

    def __init__(self, shape: tuple[int, ...], classes: int) -> None:
        super().__init__()
        channels, _, _ = check_image(shape)
        check_classes(classes)
        layers: list[nn.Module] = _convolution(channels, 32, 3)
        now = 32
        for expansion, after, repeats, stride in STAGES:
            for index in range(repeats):
                layers.append(_Block(now, after, stride if index == 0 else 1, expansion))
                now = after
        self.features = nn.Sequential(*layers, *_convolution(now, 1280, 1))
        self.head = nn.Linear(1280, classes)
        initialise(self)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Logits, shape (n, classes), of images of shape (n, channels, height, width)."""
        return self.head(self.features(x).mean(dim=(2, 3)))
