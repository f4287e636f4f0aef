"""Figure: by what factor focal loss changes a probability, measured against predicted, from 1e-4 to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.agreement import Cells
from focalbook.campaigns.contexts import CONTEXTS, contexts
from focalbook.campaigns.measures import over_seeds
from focalbook.figures.style import gamma_colors
from focalbook.theory.loss import gain_maximum

__all__ = ["Data", "data", "draw"]

_TITLES = {
    "sixteen equal": "sixteen equal heads",
    "ladder": "a ladder of heads",
    "favourite": "one favourite",
}


@dataclass(frozen=True)
class Data:
    """Factors q/p of several contexts, one entry for each distinct mass.

    Attributes
    ----------
    contexts : tuple of str
    gammas : array, shape (g,)
    masses : tuple of arrays, shape (m,)
        Distinct masses of each context in increasing order.
    predicted : tuple of arrays, shape (g, m)
    measured, low, high : tuples of arrays, shape (g, m)
        Means over seeds (and over letters of equal mass) of the log factor, as factors, with 95 % intervals.
    bound : array, shape (g,)
        1/h(p*).
    """

    contexts: tuple[str, ...]
    gammas: NDArray[np.float64]
    masses: tuple[NDArray[np.float64], ...]
    predicted: tuple[NDArray[np.float64], ...]
    measured: tuple[NDArray[np.float64], ...]
    low: tuple[NDArray[np.float64], ...]
    high: tuple[NDArray[np.float64], ...]
    bound: NDArray[np.float64]


def data(
    found: Cells,
    chosen: tuple[str, ...] = ("sixteen equal", "ladder", "favourite"),
    gammas: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0),
) -> Data:
    """Average letters of equal mass within a seed, then seeds."""
    places = [found.index(gamma) for gamma in gammas]
    masses, predicted, measured = [], [], []
    for name in chosen:
        context = CONTEXTS.index(name)
        p, inverse = np.unique(contexts()[context].round(12), return_inverse=True)
        groups = [inverse == i for i in range(len(p))]
        masses.append(p)
        predicted.append(np.exp([[found.predicted[g, context, w].mean() for w in groups] for g in places]))
        cells = [[over_seeds(found.runs[:, g, context, w].mean(axis=1)) for w in groups] for g in places]
        measured.append(np.exp([[(e.value, e.low, e.high) for e in row] for row in cells]))
    value, low, high = (tuple(m[..., i] for m in measured) for i in range(3))
    bound = np.array([1 / float(gain_maximum(g)) if g > 0 else 1.0 for g in gammas])
    return Data(chosen, np.array(gammas), tuple(masses), tuple(predicted), value, low, high, bound)


def draw(data: Data, axes: Any) -> None:
    """Draw predictions as lines and measurements as marks, one panel for each context."""
    fine, coarse = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2), (0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
    for j, ax in enumerate(axes):
        ax.axhline(1, color="C5", linewidth=0.8)
        for i, colour in enumerate(gamma_colors(list(data.gammas))):
            p, value = data.masses[j], data.measured[j][i]
            ax.plot(p, data.predicted[j][i], color=colour, linewidth=1.2)
            if data.predicted[j][i, 0] < 1:
                ax.axhline(data.bound[i], color=colour, linestyle=":", linewidth=1.2)
            ax.errorbar(
                p, value, [value - data.low[j][i], data.high[j][i] - value], color=colour, fmt="osD^"[i % 4],
                markersize=4.5, elinewidth=1.2, capsize=2, label=f"γ = {data.gammas[i]:g}",
            )  # fmt: skip
        ends = np.concatenate([data.predicted[j].ravel(), data.low[j].ravel(), data.high[j].ravel()])
        low, high = ends.min() * 0.96, ends.max() * 1.05
        ax.set(xscale="log", yscale="log", xlabel="probability p", ylim=(low, high))
        shown = [t for t in (coarse if high / low > 3 else fine) if low < t < high]
        ax.set_yticks(shown, [f"{t:g}" for t in shown])
        ax.minorticks_off()
        ax.set_title(_TITLES.get(data.contexts[j], data.contexts[j]))
    axes[0].set_ylabel("factor q/p")
    axes[-1].legend(loc="upper right")
