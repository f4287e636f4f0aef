"""A small convolutional network for runs that fit a laptop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from focalbook.nn.models._image import check_classes, check_image, initialise

__all__ = ["CNN"]


class CNN(nn.Module):
    """One 3 x 3 convolution for each width, halving the image after each, and one linear layer.

    Parameters
    ----------
    shape : tuple of int
        (channels, height, width) of one image, of any size; a side of one pixel is not halved.
    classes : int, >= 2
        Number of logits.
    widths : sequence of int
        Channels after each convolution.
    batch_norm : bool
        Whether batch norm follows each convolution.
    activation : callable
        Makes the layer after each convolution; rectified linear units unless given.

    Raises
    ------
    ValueError
        Fewer than two classes, a shape that is no image, no convolution, or a width below 1.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        classes: int,
        widths: Sequence[int] = (32, 64, 128),
        batch_norm: bool = True,
        activation: Callable[[], nn.Module] = nn.ReLU,
    ) -> None:
        super().__init__()
        now, height, width = check_image(shape)
        check_classes(classes)
        if len(widths) == 0 or min(widths) < 1:
            raise ValueError(f"widths must hold at least one number, each at least 1, got {tuple(widths)}.")
        layers: list[nn.Module] = []
        for after in widths:
            layers.append(nn.Conv2d(now, after, 3, padding=1, bias=not batch_norm))
            layers += [nn.BatchNorm2d(after)] if batch_norm else []
            layers.append(activation())
            if min(height, width) >= 2:
                layers.append(nn.MaxPool2d(2))
                height, width = height // 2, width // 2
            now = after
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(now, classes)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits, shape (n, classes), of images of shape (n, channels, height, width)."""
        return self.head(self.features(x).mean(dim=(2, 3)))
