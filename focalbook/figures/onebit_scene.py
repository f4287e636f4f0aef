"""Figure: a scene over five decades, one frame of bits, and what is read from many of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import LogNorm

from focalbook.campaigns.onebit_camera import Pictures as Data
from focalbook.campaigns.onebit_camera import run as data

__all__ = ["Data", "data", "draw"]


def draw(data: Data, axes: Any) -> None:
    """Draw light, frame and both estimates on four axes; saturated pixels are crossed out."""
    norm = LogNorm(data.config.low, data.config.high)
    pictures = (
        (data.truth, "light"),
        (data.single.frame, "one frame"),
        (data.single.estimate, f"{data.config.bits} bits, one exposure"),
        (data.bracketed.estimate, f"{data.config.bits} bits, {data.bracketed.exposure.size} exposures"),
    )
    shown = None
    for ax, (picture, title) in zip(axes.ravel(), pictures, strict=True):
        if picture.dtype == np.bool_:
            ax.imshow(picture, cmap="gray", interpolation="nearest", vmin=0, vmax=1)
        else:
            shown = ax.imshow(picture, cmap="cividis", norm=norm, interpolation="nearest")
            rows, columns = np.nonzero(np.isnan(picture))
            ax.plot(columns, rows, "x", color="C1", ms=3, mew=0.9)
        ax.set(title=title, xticks=[], yticks=[])
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
    bar = axes.ravel()[0].figure.colorbar(shown, ax=axes, location="right", shrink=0.9)
    bar.set_label("photons per unit of exposure")
