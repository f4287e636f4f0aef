"""ResNet-18 for small images, of any width."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from focalbook.nn.models._image import check_classes, check_image, initialise

__all__ = ["ResNet18"]


class _Block(nn.Module):
    """Two convolutions with batch norm beside a shortcut, the basic block of He et al. (2016)."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        self.shortcut = nn.Sequential()
        if stride != 1 or before != after:
            self.shortcut = nn.Sequential(
                nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)
            )

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(out)) + self.shortcut(x))


class ResNet18(nn.Module):
    """ResNet-18 with the stem for small images: one 3 x 3 convolution, no pooling before the blocks.

    Parameters
    ----------
    shape : tuple of int
        (channels, height, width) of one image, of any size.
    classes : int, >= 2
        Number of logits.
    width : int, >= 1
        Factor on the 64, 128, 256 and 512 channels of the four stages.

    Raises
    ------
    ValueError
        Fewer than two classes, a shape that is no image, or a width below 1.

    Notes
    -----
    Source: ``he2016resnet``; the stem is the usual one for CIFAR. 11,220,132 parameters at width 1 with 100
    classes and three channels.
    """

    def __init__(self, shape: tuple[int, ...], classes: int, width: int = 1) -> None:
        super().__init__()
        channels, _, _ = check_image(shape)
        check_classes(classes)
        if width < 1:
            raise ValueError(f"width must be at least 1, got {width}.")
        now = 64 * width
        self.stem = nn.Sequential(
            nn.Conv2d(channels, now, 3, padding=1, bias=False), nn.BatchNorm2d(now), nn.ReLU()
        )
        blocks: list[nn.Module] = []
        for stage in range(4):
            after = 64 * width * 2**stage
            blocks += [_Block(now, after, 1 if stage == 0 else 2), _Block(after, after, 1)]
            now = after
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(now, classes)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits, shape (n, classes), of images of shape (n, channels, height, width)."""
        return self.head(self.blocks(self.stem(x)).mean(dim=(2, 3)))
