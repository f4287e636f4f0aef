"""Figure: the bound as a function of lambda alone, with one minimum and with two, and alternation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.theory.pacbayes import Landscape, alternate, bound_at, minimize_bound

__all__ = ["Curve", "Data", "curve", "data", "draw"]


@dataclass(frozen=True)
class Curve:
    """The bound for one class of hypotheses.

    Attributes
    ----------
    title : str
        What the class is.
    lam, bound : ndarray, shape (m,)
        Lambda, and the bound there with the best posterior.
    landscape : Landscape
        Its minima.
    paths : tuple of (lambdas, bounds)
        Alternation from each start.
    """

    title: str
    lam: NDArray[np.float64]
    bound: NDArray[np.float64]
    landscape: Landscape
    paths: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]


@dataclass(frozen=True)
class Data:
    """The curves of the figure."""

    curves: tuple[Curve, ...]


def curve(
    title: str, prior: ArrayLike, losses: ArrayLike, n: int, delta: float, starts: Sequence[float]
) -> Curve:
    """The bound of one class over lambda, its minima, and alternation from some starts."""
    lam = np.geomspace(0.02, 1.9, 300)
    found = [alternate(prior, losses, n, delta, start) for start in starts]
    paths = tuple((np.array(one.path), np.array(one.history)) for one in found)
    return Curve(
        title, lam, bound_at(prior, losses, n, delta, lam), minimize_bound(prior, losses, n, delta), paths
    )


def data(n: int = 1000, delta: float = 0.05, seed: int = 0) -> Data:
    """A class of equal prior masses, and one whose best hypothesis has next to no prior mass."""
    losses = np.random.default_rng(seed).uniform(0.1, 0.5, 1000)
    usual = curve("1,000 equal prior masses", np.full(1000, 1e-3), losses, n, delta, (0.03, 1.8))
    rare = np.exp(-100.0)
    split = curve("a good hypothesis of mass e⁻¹⁰⁰", [1 - rare, rare], [0.3, 0.0], n, delta, (0.03, 0.5))
    return Data((usual, split))


def draw(data: Data, axes: Any) -> None:
    """One axes for each curve."""
    for ax, one in zip(np.atleast_1d(axes), data.curves, strict=True):
        ax.plot(one.lam, one.bound, color="C0")
        for (lam, bound), colour, marker in zip(one.paths, ("C1", "C2"), ("^", "s"), strict=False):
            ax.plot(
                lam, bound, color=colour, marker=marker, ms=5, lw=1.2, ls=":", label=f"from λ = {lam[0]:g}"
            )
        for least in one.landscape.minima:
            ax.plot(least.lam, least.bound, "o", mfc="none", mec="C5", ms=13, mew=1.6)
        for barrier in one.landscape.barriers:
            ax.axvline(barrier, color="C5", lw=1.0, ls="--")
        ax.set(xscale="log", xlabel="λ", ylim=(0, 1.0))
        ax.set_title(one.title, fontsize=10)
        ax.legend(loc="lower left", fontsize=9)
    np.atleast_1d(axes)[0].set_ylabel("bound on the risk")
