"""Figure: how much of gamma H(Q) the entropy bound really uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.entropy import cross_entropy, entropy, focal_entropy

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Gap over gamma H(Q), which the bound says is at most one.

    Attributes
    ----------
    gammas : tuple of float, length G
    q : ndarray, shape (n,)
        Probability of the one class that occurs, of two.
    edge : ndarray, shape (G, n)
        The ratio there.
    classes : ndarray, shape (C,)
        Numbers of classes of random pairs.
    random : ndarray, shape (G, C, trials)
        The ratio for them.
    """

    gammas: tuple[float, ...]
    q: NDArray[np.float64]
    edge: NDArray[np.float64]
    classes: NDArray[np.int64]
    random: NDArray[np.float64]


def data(
    gammas: Sequence[float] = (0.5, 2.0), classes: Sequence[int] = (2, 5, 10, 100, 1000), trials: int = 200
) -> Data:
    """Compute the ratio for P = (1, 0), Q = (q, 1-q) and for random pairs."""
    q = 10.0 ** -np.linspace(0.01, 100.0, 400)
    size = -q * np.log(q) - (1.0 - q) * np.log1p(-q)
    edge = np.stack([-np.log(q) * -np.expm1(g * np.log1p(-q)) / (g * size) for g in gammas])
    rng, random = np.random.default_rng(0), np.empty((len(gammas), len(classes), trials))
    for c, k in enumerate(classes):
        p, model = rng.dirichlet(np.ones(k), (2, trials))
        for g, gamma in enumerate(gammas):
            gap = cross_entropy(p, model) - focal_entropy(p, model, gamma)
            random[g, c] = gap / (gamma * entropy(model))
    return Data(tuple(gammas), q, edge, np.array(classes), random)


def draw(data: Data, axes: Any) -> None:
    """Draw the edge on the first axes, random pairs on the second."""
    left, right = axes
    for k, gamma in enumerate(data.gammas):
        left.plot(data.q, data.edge[k], color=f"C{k}", ls=("-", "--", ":")[k % 3], label=f"γ = {gamma:g}")
        for c, ratios in zip(data.classes, data.random[k], strict=True):
            low, middle, high = np.quantile(ratios, [0.05, 0.5, 0.95])
            place = c * 1.12 ** (2 * k - 1)
            right.plot([place, place], [low, high], color=f"C{k}", lw=2)
            right.plot(place, middle, "os"[k % 2], color=f"C{k}", ms=6)
    for ax in axes:
        ax.axhline(1.0, color="C5", ls=":", lw=1.2)
        ax.set_ylim(0, 1.08)
        ax.set_xscale("log")
    left.set(xlabel="q, the class that occurs", ylabel="gap / (γ H(Q))")
    left.set_xlim(1.0, data.q[-1])
    left.legend(loc="lower right")
    right.set(xlabel="number of classes, random P and Q")
    right.legend(handles=left.get_lines()[: len(data.gammas)], loc="center right")
