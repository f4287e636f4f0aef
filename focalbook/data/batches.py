"""A data set on a device, as batches: random crops, flips and normalisation happen there, a batch at a time.

What is random is drawn with NumPy on the CPU, for a whole epoch at once, from (seed, epoch) alone: the same
images in the same order with the same crops come out on any device, in any batch size, however often an epoch
is repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from focalbook.data.arrays import Images, statistics
from focalbook.data.augment import crop_and_flip

__all__ = ["Batches"]


@dataclass(frozen=True)
class _Draws:
    """What is random in one epoch, on the device: position in the epoch first."""

    rows: Tensor
    down: Tensor
    right: Tensor
    flipped: Tensor


class Batches:
    """A set of images on a device, given out as normalised and augmented batches.

    Parameters
    ----------
    images : Images
    batch_size : int, 1 .. n
    device : str or torch.device
        Where the images lie, as uint8, and where everything is computed.
    shuffle : bool
        A new order in each epoch; otherwise the order of `images`.
    seed : int, at least 0
        With the number of the epoch, it decides everything random.
    crop : int, 0 .. min(height, width) - 1
        Largest shift of a random crop in pixels; the border is filled by reflection. 0: no crop.
    flip : bool
        Mirror every image left to right with probability 1/2.
    mean, std : sequence of float, one a channel, or None
        In units of the largest grey level. None: :func:`statistics` of `images`. For validation and test sets
        use :meth:`evaluation`, which takes those of the training set.
    dtype : torch.dtype
        Of the batches. Normalisation is computed in float32 (float64 for float64) and rounded once.
    channels_last : bool
        Batches in the memory format of that name.
    drop_last : bool
        Leave out the last batch of an epoch if it is smaller than the others.

    Attributes
    ----------
    pixels : uint8 tensor, shape (n, channels, height, width)
    labels : int64 tensor, shape (n,)
    classes, levels : int
    mean, std : tuple of float

    Raises
    ------
    ValueError
        Parameters outside their range, or a channel that is constant where `std` is None.

    Examples
    --------
    >>> from focalbook.data import Batches, load
    >>> digits = load("digits")
    >>> train = Batches(digits.train, 128, crop=1)
    >>> x, y = next(train.epoch(0))
    >>> len(train), tuple(x.shape), x.dtype, tuple(y.shape)
    (8, (128, 1, 8, 8), torch.float32, (128,))
    >>> validation = train.evaluation(digits.validation)
    >>> sum(len(y) for x, y in validation.epoch()) == len(digits.validation)
    True
    """

    def __init__(
        self,
        images: Images,
        batch_size: int,
        *,
        device: str | torch.device = "cpu",
        shuffle: bool = True,
        seed: int = 0,
        crop: int = 0,
        flip: bool = False,
        mean: Sequence[float] | NDArray[np.float64] | None = None,
        std: Sequence[float] | NDArray[np.float64] | None = None,
        dtype: torch.dtype = torch.float32,
        channels_last: bool = False,
        drop_last: bool = True,
    ) -> None:
        pixels = images.channels_first()
        _check(pixels.shape, batch_size, seed, crop, dtype)
        self.batch_size, self.seed, self.crop = batch_size, seed, crop
        self.shuffle, self.flip, self.drop_last = shuffle, flip, drop_last
        self.dtype, self.channels_last = dtype, channels_last
        self.classes, self.levels, self.provenance = images.classes, images.levels, images.provenance
        self.mean, self.std = _normalisation(images, mean, std)
        self.pixels = _tensor(pixels).to(device)
        self.labels = _tensor(images.labels).to(device)
        self.device = self.pixels.device
        work = torch.float64 if dtype == torch.float64 else torch.float32
        centre = torch.tensor(self.mean, dtype=torch.float64) * self.levels
        scale = 1.0 / (torch.tensor(self.std, dtype=torch.float64) * self.levels)
        self._centre = centre.to(self.device, work).view(1, -1, 1, 1)
        self._scale = scale.to(self.device, work).view(1, -1, 1, 1)

    def __len__(self) -> int:
        """Steps in an epoch."""
        n = len(self.labels)
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)

    def epoch(self, k: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches of epoch `k`, 0, 1, ...: the same ones whenever it is asked for.

        Yields
        ------
        x : tensor, shape (b, channels, height, width), dtype `dtype`
        y : int64 tensor, shape (b,)
            On the device, b = `batch_size`, but for a last batch that is kept.
        """
        if k < 0:
            raise ValueError(f"epochs count from 0, got {k}.")
        return self._batches(self._draw(k))

    def select(self, rows: Sequence[int] | NDArray[np.int64] | Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Images of the given rows (None: all) with their labels: normalised, never augmented.

        Returns
        -------
        x : tensor, shape (m, channels, height, width)
        y : int64 tensor, shape (m,)
        """
        if rows is None:
            return self._normalise(self.pixels), self.labels
        index = torch.as_tensor(rows, dtype=torch.int64).to(self.device)
        return self._normalise(self.pixels[index]), self.labels[index]

    def evaluation(self, images: Images, batch_size: int | None = None) -> Batches:
        """Batches of other images, to look at: same device, dtype, mean and deviation; all images, in order.

        Parameters
        ----------
        images : Images
            A validation or test set with the same channels.
        batch_size : int, optional
            Default: that of these batches, or the number of images if that is less.
        """
        return Batches(
            images,
            min(batch_size or self.batch_size, len(images)),
            device=self.device,
            shuffle=False,
            mean=self.mean,
            std=self.std,
            dtype=self.dtype,
            channels_last=self.channels_last,
            drop_last=False,
        )

    def _draw(self, k: int) -> _Draws:
        n = len(self.labels)
        order, window, mirror = (np.random.default_rng([self.seed, k, purpose]) for purpose in range(3))
        rows = order.permutation(n) if self.shuffle else np.arange(n)
        down, right = window.integers(0, 2 * self.crop + 1, size=(2, n))
        flipped = mirror.integers(0, 2, size=n).astype(bool) & self.flip
        return _Draws(*(torch.from_numpy(drawn).to(self.device) for drawn in (rows, down, right, flipped)))

    def _batches(self, draws: _Draws) -> Iterator[tuple[Tensor, Tensor]]:
        for step in range(len(self)):
            part = slice(step * self.batch_size, (step + 1) * self.batch_size)
            rows = draws.rows[part]
            x = self.pixels[rows]
            if self.crop or self.flip:
                x = crop_and_flip(x, self.crop, draws.down[part], draws.right[part], draws.flipped[part])
            yield self._normalise(x), self.labels[rows]

    def _normalise(self, x: Tensor) -> Tensor:
        layout = torch.channels_last if self.channels_last else torch.contiguous_format
        values = x.to(self._centre.dtype, memory_format=layout)
        return values.sub_(self._centre).mul_(self._scale).to(self.dtype)


def _tensor(array: NDArray[np.uint8] | NDArray[np.int64]) -> Tensor:
    """The array as a contiguous tensor; it is shared where it is contiguous and may be written to."""
    contiguous = np.ascontiguousarray(array)
    return torch.from_numpy(contiguous if contiguous.flags.writeable else contiguous.copy())


def _check(shape: tuple[int, ...], batch_size: int, seed: int, crop: int, dtype: torch.dtype) -> None:
    n, _, height, width = shape
    if not 1 <= batch_size <= n:
        raise ValueError(f"batch_size must lie between 1 and the number of images, {n}, got {batch_size}.")
    if seed < 0:
        raise ValueError(f"seed must be at least 0, got {seed}.")
    if not 0 <= crop < min(height, width):
        raise ValueError(
            f"crop must lie between 0 and {min(height, width) - 1} for images of {height} x {width} "
            f"pixels (a reflection reaches no further), got {crop}."
        )
    if not dtype.is_floating_point:
        raise ValueError(f"dtype of the batches must be a floating-point type, got {dtype}.")


def _normalisation(
    images: Images,
    mean: Sequence[float] | NDArray[np.float64] | None,
    std: Sequence[float] | NDArray[np.float64] | None,
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    channels = images.channels_first().shape[1]
    found = statistics(images) if mean is None or std is None else (mean, std)
    centre, scale = (
        tuple(float(v) for v in (own if given is None else given))
        for own, given in zip(found, (mean, std), strict=True)
    )
    for name, values in (("mean", centre), ("std", scale)):
        if len(values) != channels or not np.isfinite(values).all():
            raise ValueError(f"{name} must be {channels} finite numbers, one a channel, got {list(values)}.")
    if min(scale) <= 0.0:
        raise ValueError(
            f"std must be positive, got {list(scale)}: a channel that is constant needs a std given by hand."
        )
    return centre, scale
