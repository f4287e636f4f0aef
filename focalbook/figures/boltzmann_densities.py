"""Figure: distributions of largest entropy for several means, on an interval and on levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.maxent import Interval, Levels

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Energies from 0 to 1.

    Attributes
    ----------
    means : tuple of float, length M
    x : ndarray, shape (n,)
    density : ndarray, shape (M, n)
    beta : ndarray, shape (M,)
        Of the densities.
    levels : ndarray, shape (k,)
    probabilities : ndarray, shape (M, k)
    """

    means: tuple[float, ...]
    x: NDArray[np.float64]
    density: NDArray[np.float64]
    beta: NDArray[np.float64]
    levels: NDArray[np.float64]
    probabilities: NDArray[np.float64]


def data(means: Sequence[float] = (0.15, 0.35, 0.5, 0.65, 0.85), count: int = 6) -> Data:
    """Compute densities on [0, 1], and probabilities on equally spaced levels."""
    interval, levels = Interval(0.0, 1.0), Levels(np.linspace(0.0, 1.0, count))
    x, beta = np.linspace(0.0, 1.0, 301), interval.beta(list(means))
    density = interval.density(x, beta[:, None])
    return Data(
        tuple(means), x, density, beta, levels.energies, levels.probabilities(levels.beta(list(means)))
    )


def draw(data: Data, axes: Any) -> None:
    """Draw densities on the first axes, probabilities on the second."""
    left, right = axes
    marks, styles = "osD^v", ("-", "--", "-.", ":", (0, (5, 1, 1, 1)))
    for k, mean in enumerate(data.means):
        colour, style = f"C{k % 6}", styles[k % 5]
        left.plot(
            data.x, data.density[k], color=colour, ls=style, label=f"mean {mean:g}: β = {data.beta[k]:.1f}"
        )
        right.plot(data.levels, data.probabilities[k], color=colour, ls=style, marker=marks[k % 5], ms=5)
    left.set(xlabel="energy x", ylabel="density", ylim=(0, None), title="interval")
    right.set(xlabel="energy x", ylabel="probability", ylim=(0, None), title=f"{data.levels.size} levels")
    left.legend(loc="upper center", fontsize=8.5)
