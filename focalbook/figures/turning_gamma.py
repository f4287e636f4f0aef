"""Figure: what the minimiser reports while gamma is turned from nearly 0 to 1000."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Minimisers along gamma.

    Attributes
    ----------
    gamma : ndarray, shape (m,)
        Focusing parameters, evenly spaced in the logarithm.
    rare : tuple of float
        Masses of the rarer of two classes.
    q_rare : ndarray, shape (len(rare), m)
        What the minimiser gives to it.
    p : ndarray, shape (n,)
        One distribution on several classes.
    q : ndarray, shape (m, n)
        Its minimisers.
    """

    gamma: NDArray[np.float64]
    rare: tuple[float, ...]
    q_rare: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]


def data(
    rare: Sequence[float] = (0.1, 1e-2, 1e-3, 1e-4, 1e-5),
    p: ArrayLike = (0.5, 0.3, 0.15, 0.045, 0.005),
    ends: tuple[float, float] = (0.01, 1000.0),
    points: int = 241,
) -> Data:
    """Compute the minimisers.

    Parameters
    ----------
    rare
        Masses of the rarer of two classes, each in (0, 1/2).
    p
        A distribution on several classes.
    ends
        Smallest and largest gamma, above 0.
    points
        Values of gamma.
    """
    gamma = np.geomspace(*ends, points)
    pairs = np.array([[1.0 - e, e] for e in rare])
    shape = (len(rare), points)
    q_rare = minimizer(np.broadcast_to(pairs[:, None], (*shape, 2)), np.broadcast_to(gamma, shape))[..., 1]
    masses = np.asarray(p, dtype=float)
    q = minimizer(np.broadcast_to(masses, (points, masses.size)), gamma)
    return Data(gamma, tuple(rare), q_rare, masses, q)


def draw(data: Data, axes: Any) -> None:
    """Draw the rarer of two classes on the first axes, all of several classes on the second."""
    two, several = axes
    for e, colour, q in zip(data.rare, gamma_colors(data.rare), data.q_rare, strict=True):
        two.plot(data.gamma, q, color=colour, label=f"e = {e:g}")
    two.axhline(0.5, color="C5", ls=":", lw=1.2)
    two.set(yscale="log", ylabel="reported probability q", title="the rarer of two classes")
    two.legend(loc="lower right", fontsize=9)
    for k, (mass, q) in enumerate(zip(data.p, data.q.T, strict=True)):
        several.plot(data.gamma, q, color=f"C{k}", label=f"p = {mass:g}")
    several.axhline(1.0 / data.p.size, color="C5", ls=":", lw=1.2)
    several.set(title=f"{data.p.size} classes", ylim=(0.0, None))
    several.legend(loc="upper right", fontsize=9)
    for ax in axes:
        ax.set(xscale="log", xlabel="γ", xlim=(data.gamma[0], data.gamma[-1]))
