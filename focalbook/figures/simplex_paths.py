"""Figure: paths of the minimiser on three classes, from the true distribution to the centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.simplex_flow import outline, to_plane
from focalbook.theory.limits import large_gamma_limit, small_gamma_slope
from focalbook.theory.minimizer import minimizer

__all__ = ["Data", "data", "draw"]

MARKS = (1.0, 10.0, 100.0)  # values of gamma with a dot on the path


@dataclass(frozen=True)
class Data:
    """Paths on three classes, k of them.

    Attributes
    ----------
    p : ndarray, shape (k, 3)
        Where they start.
    gamma : ndarray, shape (m,)
        0, then evenly spaced in the logarithm.
    q : ndarray, shape (k, m, 3)
        Minimisers.
    slope : ndarray, shape (k, 3)
        Derivative of the minimiser in gamma, at 0.
    expansion : ndarray, shape (k, m, 3)
        The expansion for large gamma; NaN at gamma = 0.
    """

    p: NDArray[np.float64]
    gamma: NDArray[np.float64]
    q: NDArray[np.float64]
    slope: NDArray[np.float64]
    expansion: NDArray[np.float64]


def data(
    p: Sequence[Sequence[float]] = (
        (0.9, 0.09, 0.01),
        (0.02, 0.75, 0.23),
        (0.48, 0.04, 0.48),
        (0.03, 0.3, 0.67),
    ),
    last: float = 1000.0,
    points: int = 401,
) -> Data:
    """Compute paths, tangents and expansions.

    Parameters
    ----------
    p
        Distributions on three classes, every mass positive.
    last
        Largest gamma.
    points
        Values of gamma above zero.
    """
    start = np.asarray(p, dtype=float)
    positive = np.geomspace(1e-3, last, points)
    gamma = np.concatenate([[0.0], positive])
    shape = (len(start), gamma.size, 3)
    q = minimizer(np.broadcast_to(start[:, None], shape), np.broadcast_to(gamma, shape[:2]))
    expansion = np.full(shape, np.nan)
    expansion[:, 1:] = large_gamma_limit(
        np.broadcast_to(start[:, None], (len(start), points, 3)),
        np.broadcast_to(positive, (len(start), points)),
    )
    return Data(start, gamma, q, small_gamma_slope(start), expansion)


def draw(data: Data, axes: Any, half: float = 0.05) -> None:
    """Draw the triangle with tangents at the start, and its centre, `half` as wide, with the expansions."""
    whole, centre = axes
    outline(whole)
    middle = to_plane(np.full(3, 1.0 / 3.0))
    for k in range(len(data.p)):
        colour, path = f"C{k}", to_plane(data.q[k])
        begin, tangent = path[0], to_plane(data.slope[k])
        tangent *= 0.16 / np.linalg.norm(tangent)
        whole.annotate(
            "",
            begin + tangent,
            begin,
            arrowprops={"arrowstyle": "-|>", "color": "C5", "lw": 1.6, "shrinkA": 0},
        )
        whole.plot(*path.T, color=colour)
        whole.plot(*begin, "s", color=colour, markersize=6)
        centre.plot(*path.T, color=colour)
        line = to_plane(data.expansion[k, data.gamma >= 5.0])
        centre.plot(*line.T, color=colour, ls=":", lw=1.6)
        marked = path[[np.argmin(np.abs(data.gamma - mark)) for mark in MARKS]]
        whole.plot(*marked.T, "o", color=colour, markersize=3.5)
        centre.plot(*marked.T, "o", color=colour, markersize=6)
    whole.plot(*middle, "+", color="C5", markersize=10)
    centre.plot(*middle, "+", color="C5", markersize=12)
    x, y = middle
    whole.plot(
        x + half * np.array([-1, 1, 1, -1, -1]), y + half * np.array([-1, -1, 1, 1, -1]), color="C5", lw=1.0
    )
    whole.set_title("whole path, tangent at the start")
    centre.set(aspect="equal", xlim=(x - half, x + half), ylim=(y - half, y + half), title="centre, enlarged")
    centre.set(xticks=[], yticks=[])
