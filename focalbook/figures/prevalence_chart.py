"""Figure: what a gamma does to a class of a given prevalence, by the company it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "among", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Factors between report and truth.

    Attributes
    ----------
    gammas : tuple of float
    heads : tuple of int
        Numbers of equal other classes.
    prevalence : ndarray, shape (n,)
    factor : ndarray, shape (heads, gammas, n)
        q/x of a class of prevalence x.
    """

    gammas: tuple[float, ...]
    heads: tuple[int, ...]
    prevalence: Float
    factor: Float


def among(prevalence: Float, heads: int, gamma: float) -> Float:
    """Reported probability of a class of prevalence x beside equal classes that share the rest.

    Parameters
    ----------
    prevalence : ndarray, in (0, 1)
    heads : int, >= 1
        Number of the other classes.
    gamma : float, >= 0
    """
    x = np.asarray(prevalence, dtype=float)[..., None]
    others = np.repeat((1.0 - x) / heads, heads, axis=-1)
    return minimizer(np.concatenate([x, others], axis=-1), gamma)[..., 0]


def data(gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0), heads: Sequence[int] = (1, 3, 10, 100)) -> Data:
    """Solve for prevalences from 1e-6 to 0.99, evenly spaced in the log-odds."""
    x = 1 / (1 + np.exp(-np.linspace(-13.8, 4.6, 90)))
    found = [[among(x, n, gamma) / x for gamma in gammas] for n in heads]
    return Data(tuple(gammas), tuple(heads), x, np.array(found))


def draw(data: Data, axes: Any) -> None:
    """Draw a panel for each number of other classes."""
    flat = np.ravel(axes)
    colors = gamma_colors(data.gammas)
    for ax, rows, heads in zip(flat, data.factor, data.heads, strict=True):
        ax.axhline(1.0, color="C5", linewidth=1.0)
        for row, gamma, color in zip(rows, data.gammas, colors, strict=True):
            ax.plot(data.prevalence, row, color=color, label=f"γ = {gamma:g}")
        ax.set(xscale="log", xlim=(1e-6, 1))
        ax.set_title("one other class" if heads == 1 else f"{heads} equal other classes")
        if heads == 1:
            ax.set(yscale="log", ylim=(0.3, 3e4))
        else:
            ax.set_ylim(0.4, 2.7 if heads < 5 else 1.4)
    for ax in flat[2:]:
        ax.set_xlabel("prevalence x")
    for ax in flat[::2]:
        ax.set_ylabel("reported / true")
    flat[0].legend(loc="upper right")
