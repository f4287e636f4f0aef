"""Figure: one image under the random crops and mirror images of training, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.data import Batches, load

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Images side by side.

    Attributes
    ----------
    plain : float array, shape (rows, height, width)
        Images as they are, in [0, 1].
    seen : float array, shape (rows, epochs, height, width)
        The same as the network sees them.
    crop : int
    """

    plain: NDArray[np.float64]
    seen: NDArray[np.float64]
    crop: int


def data(rows: tuple[int, ...] = (4, 12), epochs: int = 7, crop: int = 1, seed: int = 0) -> Data:
    """Augment some digits as in training, with mirror images, although runs on digits leave these out.

    Parameters
    ----------
    rows
        Rows of the training part.
    epochs
        Columns.
    crop
        Largest shift, pixels.
    seed
        Of the batches.
    """
    train = load("digits").train
    images = train.subset(np.array(rows), "shown")
    options = {"shuffle": False, "mean": [0.0], "std": [1.0]}
    batches = Batches(images, len(rows), seed=seed, crop=crop, flip=True, **options)  # type: ignore[arg-type]
    seen = [next(batches.epoch(k))[0].numpy()[:, 0] for k in range(epochs)]
    return Data(batches.select()[0].numpy()[:, 0].astype(float), np.stack(seen, axis=1).astype(float), crop)


def draw(data: Data, axes: Any) -> None:
    """Draw each image in a row: as it is, a gap, as it is seen in successive epochs."""
    ax = axes
    count, epochs, height, width = data.seen.shape
    gap = 2
    canvas = np.full((count * (height + gap) - gap, (epochs + 1) * (width + gap) + gap), np.nan)
    for row in range(count):
        top = row * (height + gap)
        canvas[top : top + height, :width] = data.plain[row]
        for k in range(epochs):
            left = (k + 1) * (width + gap) + gap
            canvas[top : top + height, left : left + width] = data.seen[row, k]
    ax.imshow(canvas, cmap="gray", interpolation="nearest", vmin=0.0, vmax=1.0)
    places = [0.5 * width - 0.5] + [(k + 1) * (width + gap) + gap + 0.5 * width - 0.5 for k in range(epochs)]
    ax.set_xticks(places, ["as it is", *[f"epoch {k}" for k in range(epochs)]], fontsize=9)
    ax.set_yticks([])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(False)
