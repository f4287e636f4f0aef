"""Figure: the scene of the simulated detector, as it is, as reported and as recovered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.detector_head import CLASSES
from focalbook.store import Record
from focalbook.theory.sigmoid import recover_sigmoid_logits

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Maps of one class.

    Attributes
    ----------
    name : str
        The class.
    truth, score, recovered : ndarray, shape (grid, grid)
    """

    name: str
    truth: Float
    score: Float
    recovered: Float


def data(record: Record, classes: tuple[int, ...] = (1, 2)) -> list[Data]:
    """Maps of some classes, from one trained head."""
    config, logits = record.configuration, record.arrays["logits"]
    recovered = recover_sigmoid_logits(logits, config["gamma"], config["alpha"])
    score, truth = 1 / (1 + np.exp(-logits)), record.arrays["posterior"]
    return [Data(CLASSES[k], truth[..., k], score[..., k], recovered[..., k]) for k in classes]


def draw(data: list[Data], axes: Any) -> None:
    """Draw a row for each class: truth, score, recovered, on one logarithmic colour scale."""
    from matplotlib.colors import LogNorm

    norm = LogNorm(1e-4, 0.5, clip=True)
    for row, shown in zip(np.atleast_2d(axes), data, strict=True):
        for ax, values in zip(row, (shown.truth, shown.score, shown.recovered), strict=True):
            image = ax.imshow(values, norm=norm, cmap="viridis", interpolation="nearest")
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
        row[0].set_ylabel(shown.name)
    for ax, title in zip(np.atleast_2d(axes)[0], ("truth", "reported score", "recovered"), strict=True):
        ax.set_title(title)
    figure = np.atleast_2d(axes)[0, 0].figure
    figure.colorbar(image, ax=axes, shrink=0.85, label="probability")
