"""Figure: how good the expansions of the minimiser at both ends of gamma are in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.limits import large_gamma_limit, small_gamma_slope
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Errors of the two expansions for a few distributions.

    Attributes
    ----------
    classes : tuple of int
        Number of classes of each distribution, C of them.
    gamma : ndarray, shape (m,)
        Focusing parameters, evenly spaced in the logarithm.
    small, large : ndarray, shape (C, m)
        Sum over the classes of the absolute errors of the expansion at 0 and of that at infinity.
    inside_small : ndarray, shape (C,)
        Largest gamma on the grid up to which the expansion at zero is a distribution.
    inside_large : ndarray, shape (C,)
        Smallest gamma on the grid from which on the expansion at infinity is one.
    """

    classes: tuple[int, ...]
    gamma: NDArray[np.float64]
    small: NDArray[np.float64]
    large: NDArray[np.float64]
    inside_small: NDArray[np.float64]
    inside_large: NDArray[np.float64]


def data(
    classes: Sequence[int] = (2, 10, 100),
    ends: tuple[float, float] = (1e-3, 1e5),
    points: int = 241,
    seed: int = 5,
) -> Data:
    """Compute the errors for one random distribution (uniform on the simplex) of each number of classes.

    Parameters
    ----------
    classes
        Numbers of classes, each at least 2.
    ends
        Smallest and largest gamma, above 0.
    points
        Values of gamma.
    seed
        Of the random distributions.
    """
    rng = np.random.default_rng(seed)
    gamma = np.geomspace(*ends, points)
    rows = []
    for n in classes:
        p = rng.dirichlet(np.ones(n))
        many = np.broadcast_to(p, (points, n))
        q, low, high = (
            minimizer(many, gamma),
            p + gamma[:, None] * small_gamma_slope(p),
            large_gamma_limit(many, gamma),
        )
        left, right = (low < 0).any(axis=1), (high < 0).any(axis=1)
        rows.append(
            (
                np.abs(q - low).sum(axis=1),
                np.abs(q - high).sum(axis=1),
                gamma[~left].max(),
                gamma[~right].min(),
            )
        )
    small, large, inside_small, inside_large = (np.array(column) for column in zip(*rows, strict=True))
    return Data(tuple(classes), gamma, small, large, inside_small, inside_large)


def draw(data: Data, ax: Any) -> None:
    """Draw both errors against gamma, and where an expansion ceases to be a distribution."""
    for k, n in enumerate(data.classes):
        ax.plot(data.gamma, data.small[k], color=f"C{k}", label=f"{n} classes")
        ax.plot(data.gamma, data.large[k], color=f"C{k}", ls="--")
        for edge, error in ((data.inside_small[k], data.small[k]), (data.inside_large[k], data.large[k])):
            ax.plot(edge, error[np.argmin(np.abs(data.gamma - edge))], "D", color=f"C{k}", markersize=6)
    ax.set(xscale="log", yscale="log", xlabel="γ", ylabel="error, summed over the classes", ylim=(1e-9, 3.0))
    ax.set_xlim(data.gamma[0], data.gamma[-1])
    ax.legend(loc="lower center")
