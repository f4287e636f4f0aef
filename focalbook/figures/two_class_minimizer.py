"""Figure: what the minimiser of the focal-entropy reports for the rarer of two classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Minimisers of P = (p, 1-p).

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters, G of them.
    p : ndarray, shape (n,)
        Mass of the first class, from near 0 to near 1.
    q : ndarray, shape (G, n)
        What Q* gives to the first class.
    rare : ndarray, shape (n,)
        Masses of a rare class, evenly spaced in the logarithm, up to 1/2.
    q_rare : ndarray, shape (G, n)
        What Q* gives to them.
    """

    gammas: tuple[float, ...]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    rare: NDArray[np.float64]
    q_rare: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0), points: int = 301, rarest: float = 1e-10) -> Data:
    """Compute the minimisers.

    Parameters
    ----------
    gammas
        Focusing parameters, each at least 0.
    points
        Masses on either axis.
    rarest
        Smallest mass of the rare class, in (0, 1/2).
    """
    p = np.linspace(0.0, 1.0, points)
    rare = np.geomspace(rarest, 0.5, points)
    g = np.asarray(gammas)[:, None] + np.zeros(points)

    def first(mass: NDArray[np.float64]) -> NDArray[np.float64]:
        pairs = np.stack([mass, 1.0 - mass], axis=-1)
        return minimizer(np.broadcast_to(pairs, (len(gammas), points, 2)), g)[..., 0]

    return Data(tuple(gammas), p, first(p), rare, first(rare))


def draw(data: Data, axes: Any) -> None:
    """Draw Q* against P, plainly on the first axes and in logarithms on the second."""
    plain, logarithmic = axes
    for gamma, colour, q, q_rare in zip(
        data.gammas, gamma_colors(data.gammas), data.q, data.q_rare, strict=True
    ):
        plain.plot(data.p, q, color=colour, label=f"γ = {gamma:g}")
        logarithmic.plot(data.rare, q_rare, color=colour)
    for ax, ends in ((plain, (0.0, 1.0)), (logarithmic, (data.rare[0], 0.5))):
        ax.plot(ends, ends, color="C5", linestyle="--", linewidth=1.2, label="q = p (γ = 0)")
        ax.set_xlabel("mass p of the class in P")
    plain.set(ylabel="probability q in Q*", aspect="equal", title="linear axes")
    plain.legend(loc="upper left")
    logarithmic.set(xscale="log", yscale="log", title="a rare class, logarithmic axes")
