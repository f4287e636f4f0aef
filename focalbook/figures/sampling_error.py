"""Figure: curvature over subsets of images, against their size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.sampling_error import Sampled

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Values relative to those over all images.

    Attributes
    ----------
    sizes : array, shape (m,)
    trace, top : array, shape (m, subsets)
    spread : array, shape (m,)
        What the spread of the trace must be if images are drawn independently without replacement: that over
        the whole set's images, estimated from all subsets, over the root of the size, times the factor for a
        finite population.
    images : int
    """

    sizes: Float
    trace: Float
    top: Float
    spread: Float
    images: int


def data(sampled: Sampled) -> Data:
    """Divide by the values over all images."""
    sizes = np.array(sampled.sizes, dtype=np.float64)
    trace, top = sampled.trace / sampled.whole[0], sampled.top / sampled.whole[1]
    shape = np.sqrt((1 - sizes / sampled.images) / sizes)
    unit = float(np.sqrt(np.mean((trace - 1) ** 2 / shape[:, None] ** 2)))
    return Data(sizes, trace, top, unit * shape, sampled.images)


def draw(data: Data, axes: Any) -> None:
    """Draw traces on the first axes, eigenvalues on the second."""
    for k, (ax, values, title) in enumerate(
        zip(axes, (data.trace, data.top), ("trace", "largest eigenvalue"), strict=True)
    ):
        for size, row in zip(data.sizes, values, strict=True):
            ax.plot(np.full(len(row), size), row, ".", color=f"C{k}", alpha=0.5, ms=5)
        ax.plot(data.sizes, values.mean(axis=1), "-", color=f"C{k}", label="mean over subsets")
        ax.axhline(1.0, color="C5", ls=":")
        ax.set_xscale("log")
        ax.set(title=title, xlabel="images", ylim=(0, 3.5))
        ax.set_xticks(data.sizes, [f"{size:g}" for size in data.sizes])
        ax.minorticks_off()
    axes[0].fill_between(
        data.sizes,
        1 - 2 * data.spread,
        1 + 2 * data.spread,
        color="C5",
        alpha=0.2,
        lw=0,
        label="±2 sd, by theory",
    )
    axes[0].set_ylabel(f"relative to all {data.images} images")
    for ax in axes:
        ax.legend(loc="upper right")
