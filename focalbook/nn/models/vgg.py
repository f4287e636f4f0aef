"""VGG-19 with batch norm, for small images."""

from __future__ import annotations

from torch import Tensor, nn

from focalbook.nn.models._image import check_classes, check_image, initialise

__all__ = ["VGG19"]

#: Channels of the 3 x 3 convolutions, stage by stage (configuration E of the paper).
STAGES = ((64,) * 2, (128,) * 2, (256,) * 4, (512,) * 4, (512,) * 4)


class VGG19(nn.Module):
    """The sixteen convolutions of VGG-19, each with batch norm, and one linear layer.

    Parameters
    ----------
    shape : tuple of int
        (channels, height, width) of one image, of any size. After each stage the image is halved as long as
        both sides are at least two pixels.
    classes : int, >= 2
        Number of logits.

    Raises
    ------
    ValueError
        Fewer than two classes, or a shape that is no image.

    Notes
    -----
    Source: ``simonyan2015vgg``, configuration E; batch norm and the single linear layer are the usual change
    for CIFAR. 20,086,692 parameters with 100 classes and three channels.
    """

    def __init__(self, shape: tuple[int, ...], classes: int) -> None:
        super().__init__()
        now, height, width = check_image(shape)
        check_classes(classes)
        layers: list[nn.Module] = []
        for stage in STAGES:
            for after in stage:
                layers += [nn.Conv2d(now, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
                now = after
            if min(height, width) >= 2:
                layers.append(nn.MaxPool2d(2))
                height, width = height // 2, width // 2
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(now, classes)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits, shape (n, classes), of images of shape (n, channels, height, width)."""
        return self.head(self.features(x).mean(dim=(2, 3)))
