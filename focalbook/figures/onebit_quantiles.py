"""Figure: quantiles of standardised one-bit estimates against normal ones, for several numbers of bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from focalbook.campaigns.onebit_coverage import GRID, Point
from focalbook.figures.style import gamma_colors

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Quantiles of the error over its theoretical standard error.

    Attributes
    ----------
    normal : ndarray, shape (q,)
        Quantiles of the standard normal distribution.
    bits : tuple of tuple of int
        Numbers of bits in each panel.
    quantiles : tuple of ndarray, shape (k, q)
        One for each panel.
    titles : tuple of str
    """

    normal: NDArray[np.float64]
    bits: tuple[tuple[int, ...], ...]
    quantiles: tuple[NDArray[np.float64], ...]
    titles: tuple[str, ...]


def data(
    panels: Sequence[tuple[str, Sequence[Point], int]], bits: Sequence[int] = (50, 200, 1_000, 100_000)
) -> Data:
    """Pick the points with the given numbers of bits.

    Parameters
    ----------
    panels
        Title, points and number of the parameter of each panel.
    bits
        Numbers of bits to show.

    Raises
    ------
    ValueError
        A panel without any of them.
    """
    chosen = [[p for p in points if p.n in bits] for _, points, _ in panels]
    if not all(chosen):
        raise ValueError(f"no point has any of the numbers of bits {tuple(bits)}.")
    return Data(
        ndtri(GRID),
        tuple(tuple(p.n for p in points) for points in chosen),
        tuple(
            np.array([p.quantiles[j] for p in points])
            for points, (_, _, j) in zip(chosen, panels, strict=True)
        ),
        tuple(title for title, _, _ in panels),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw one panel for each parameter."""
    for ax, bits, quantiles, title in zip(
        np.ravel(axes), data.bits, data.quantiles, data.titles, strict=True
    ):
        ax.plot(data.normal, data.normal, color="C5", ls="--", lw=1.2)
        for n, row, colour in zip(bits, quantiles, gamma_colors(bits), strict=True):
            ax.plot(data.normal, row, color=colour, marker=".", ms=3, lw=1.2, label=f"n = {n:,}")
        ax.set(xlabel="normal quantile", title=title, xlim=(-3.3, 3.3))
    first = np.ravel(axes)[0]
    first.set_ylabel("error over its standard error")
    first.legend(loc="upper left", fontsize=9)
