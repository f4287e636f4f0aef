"""Figure: one image of each digit beside the probabilities of the letters it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.channel import COMMON, LETTERS, channel
from focalbook.data import load_digits

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Examples and the channel.

    Attributes
    ----------
    images : float32 array, shape (10, 8, 8)
        One training image of each digit, pixels in [0, 1].
    table : array, shape (10, 10)
        Probability of each letter (column) for each digit (row).
    """

    images: NDArray[np.float32]
    table: NDArray[np.float64]


def data(rare: float = 0.01, example: int = 3) -> Data:
    """Take an example of each digit, the one with the given number in the training part."""
    train = load_digits().train
    rows = [np.flatnonzero(train.labels == digit)[example] for digit in range(10)]
    return Data(train.pixels()[rows], channel(rare))


def draw(data: Data, axes: Any) -> None:
    """Draw the letters of each digit as bars, ten axes, the digit itself in the corner."""
    places = np.arange(len(LETTERS))
    for digit, ax in enumerate(np.ravel(axes)):
        colours = ["C0"] * COMMON + ["C1"] * (len(LETTERS) - COMMON)
        ax.bar(places, data.table[digit], color=colours, width=0.75)
        ax.set_xticks(places, list(LETTERS), fontsize=7)
        ax.set_ylim(0, 1)
        ax.set_yticks([0, 0.5, 1], ["0", "½", "1"] if digit % 5 == 0 else [])
        ax.tick_params(length=0)
        ax.grid(axis="x", visible=False)
        inset = ax.inset_axes((0.56, 0.52, 0.44, 0.46))
        inset.imshow(data.images[digit], cmap="gray_r", vmin=0, vmax=1)
        inset.set_axis_off()
