"""Figure: how much a vanishing class is raised beside one other, and how far the law for it is off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors
from focalbook.theory.limits import rare_class_limit
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw", "first_order_error"]


@dataclass(frozen=True)
class Data:
    """A rare class of mass e beside one other.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters, G of them.
    e : ndarray, shape (n,)
        Masses, evenly spaced in the logarithm.
    q : ndarray, shape (G, n)
        What the minimiser gives to the rare class.
    law : ndarray, shape (G, n)
        Leading term for small e.
    """

    gammas: tuple[float, ...]
    e: NDArray[np.float64]
    q: NDArray[np.float64]
    law: NDArray[np.float64]

    @property
    def error(self) -> NDArray[np.float64]:
        """Relative error of the law, shape (G, n)."""
        return self.law / self.q - 1.0


def first_order_error(q: NDArray[np.float64], gamma: float) -> NDArray[np.float64]:
    """The leading term of the relative error of the law, gamma / (1 + gamma) q log q, negative."""
    return gamma / (1.0 + gamma) * q * np.log(q)


def data(gammas: Sequence[float] = (0.5, 1.0, 2.0, 5.0), points: int = 301, rarest: float = 1e-30) -> Data:
    """Compute minimiser and law.

    Parameters
    ----------
    gammas
        Focusing parameters, each above 0.
    points
        Values of e, from ``rarest`` to 1/2.
    rarest
        Smallest mass, in (0, 1/2).
    """
    e = np.geomspace(rarest, 0.5, points)
    g = np.asarray(gammas)[:, None] + np.zeros(points)
    pairs = np.stack([1.0 - e, e], axis=-1)
    q = minimizer(np.broadcast_to(pairs, (*g.shape, 2)), g)[..., 1]
    return Data(tuple(gammas), e, q, rare_class_limit(e, g))


def draw(data: Data, axes: Any) -> None:
    """Draw the factor q/e with the law on the first axes, the relative error of the law on the second."""
    factor, error = axes
    for k, (gamma, colour) in enumerate(zip(data.gammas, gamma_colors(data.gammas), strict=True)):
        factor.plot(data.e, data.q[k] / data.e, color=colour, label=f"γ = {gamma:g}")
        factor.plot(data.e, data.law[k] / data.e, color=colour, ls=":", lw=1.4)
        error.plot(data.e, np.abs(data.error[k]), color=colour)
        error.plot(data.e, -first_order_error(data.q[k], gamma), color=colour, ls=":", lw=1.4)
    factor.axhline(1.0, color="C5", ls="--", lw=1.2)
    factor.set(ylabel="raised by the factor q / e", ylim=(0.5, None), title="how much it is raised")
    factor.legend(loc="upper right")
    error.axhline(0.01, color="C5", ls="--", lw=1.2)
    error.set(ylabel="relative error of the law", ylim=(1e-6, 1.0), title="how wrong the law is")
    for ax in axes:
        ax.set(xscale="log", yscale="log", xlabel="mass e of the rare class", xlim=(data.e[0], 0.5))
