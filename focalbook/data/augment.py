"""Augmentation of a whole batch at once, on its device: crops with reflection, mirror images, mixup."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

__all__ = ["crop_and_flip", "mixup"]


def crop_and_flip(images: Tensor, padding: int, down: Tensor, right: Tensor, flipped: Tensor) -> Tensor:
    """Windows of the images, padded by reflection, each at an offset of its own, some of them mirrored.

    Image i is padded by `padding` pixels on each side (reflection without repeating the edge), the window of
    the original size at row ``down[i]``, column ``right[i]`` is cut out, then mirrored left to right if
    ``flipped[i]``.

    Parameters
    ----------
    images : tensor, shape (b, channels, height, width), any dtype
    padding : int, 0 .. min(height, width) - 1
    down, right : int64 tensors, shape (b,)
        Offsets 0 .. 2 `padding`; `padding` leaves the image in place.
    flipped : bool tensor, shape (b,)

    Returns
    -------
    tensor, shape and dtype of `images`
        One gather for the batch; nothing padded is ever stored.
    """
    b, channels, height, width = images.shape
    rows = _reflected(down, padding, height)
    columns = _reflected(right, padding, width)
    columns = torch.where(flipped[:, None], columns.flip(1), columns)
    places = (rows[:, :, None] * width + columns[:, None, :]).view(b, 1, height * width)
    flat = images.reshape(b, channels, height * width)
    return flat.gather(2, places.expand(b, channels, height * width)).view(b, channels, height, width)


def _reflected(offset: Tensor, padding: int, size: int) -> Tensor:
    """Rows (or columns) of the image that a window at `offset` shows, shape (b, size)."""
    last = size - 1
    place = offset[:, None] + torch.arange(-padding, size - padding, device=offset.device)
    return last - (last - place.abs()).abs()


def mixup(
    x: Tensor, y: Tensor, classes: int, alpha: float, generator: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Mix each image of a batch with another one, and their labels in the same proportion.

    One weight for the batch, from Beta(`alpha`, `alpha`), and one permutation of it, as in the first paper on
    mixup (Zhang et al. 2018).

    Parameters
    ----------
    x : floating-point tensor, shape (b, ...)
    y : int64 tensor, shape (b,)
        Classes 0 .. `classes` - 1.
    classes : int, at least 2
    alpha : float, above 0
    generator : numpy.random.Generator
        Drawn from on the CPU, so that every device gets the same mixture.

    Returns
    -------
    x : tensor, shape and dtype of `x`
    targets : float32 tensor, shape (b, `classes`)
        Rows are distributions.

    Raises
    ------
    ValueError
        `alpha` that is not a positive number, or integer images.
    """
    if not 0.0 < alpha < np.inf:
        raise ValueError(f"alpha of mixup must be a positive number, got {alpha}; leave mixup out for none.")
    if not x.is_floating_point():
        raise ValueError(f"mixup needs floating-point images, got {x.dtype}.")
    weight = float(generator.beta(alpha, alpha))
    partner = torch.from_numpy(generator.permutation(len(y))).to(x.device)
    rest = torch.full((len(y), 1), 1.0 - weight, device=x.device)
    targets = torch.zeros(len(y), classes, device=x.device)
    targets.scatter_(1, y[:, None], weight).scatter_add_(1, y[partner][:, None], rest)
    return torch.lerp(x[partner], x, weight), targets
