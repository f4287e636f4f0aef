"""Figure: probability that one-bit data have no maximum-likelihood estimate, and its exponential rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.onebit_coverage import DESIGNS, sample
from focalbook.campaigns.onebit_no_maximum import missing, rates

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Probabilities.

    Attributes
    ----------
    bits : ndarray, shape (k,)
    separated, edge : ndarray, shape (k,)
        Of separated bits, and of a likelihood that rises to s = infinity: a Gaussian with three thresholds.
    poisson : ndarray, shape (k,)
        Of separated bits: a Poisson with five.
    rate : dict of float
        Exponential rates: "separated", "edge", "poisson".
    drawn : ndarray, shape (2, m)
        Numbers of bits and Monte Carlo shares of the Gaussian.
    """

    bits: NDArray[np.float64]
    separated: NDArray[np.float64]
    edge: NDArray[np.float64]
    poisson: NDArray[np.float64]
    rate: dict[str, float]
    drawn: NDArray[np.float64]


def data(
    most: int = 120, replicates: int = 5_000, seed: int = 0, drawn: Sequence[int] = (9, 18, 30, 48, 66)
) -> Data:
    """Compute probabilities from 6 bits to `most`, and draw data at a few n."""
    if most < 9:
        raise ValueError(f"most must be at least 9, got {most}.")
    gaussian, poisson = DESIGNS["three thresholds"], DESIGNS["poisson"]
    bits = np.arange(6, most + 1, 3)
    found = [missing(gaussian, int(n)) for n in bits]
    rng = np.random.default_rng(seed)
    shares = [sample(gaussian, n, replicates, rng).missing.sum() for n in drawn]
    return Data(
        bits.astype(float),
        np.array([one.separated for one in found]),
        np.array([one.edge for one in found]),
        np.array([missing(poisson, int(n)).probability for n in bits]),
        {**rates(gaussian), "poisson": rates(poisson)["separated"]},
        np.array([drawn, shares], float),
    )


def draw(data: Data, ax: Any) -> None:
    """Draw the probabilities on a logarithmic scale, with lines of the slopes that the rates give."""
    rows = (
        ("separated", data.separated, "C0", "Gaussian: separated"),
        ("edge", data.edge, "C1", "Gaussian: s rises to infinity"),
        ("poisson", data.poisson, "C2", "Poisson: all bits equal"),
    )
    for key, values, colour, name in rows:
        shown = values > 1e-16
        ax.semilogy(data.bits[shown], values[shown], color=colour, marker=".", ms=5, lw=0, label=name)
        last = np.flatnonzero(shown)[-1]
        ax.semilogy(
            data.bits, values[last] * np.exp(-data.rate[key] * (data.bits - data.bits[last])), color=colour,
            lw=1.0
        )  # fmt: skip
    ax.semilogy(*data.drawn, color="C5", marker="x", ms=7, lw=0, label="drawn, Gaussian")
    ax.set(xlabel="bits n", ylabel="probability of no maximum", ylim=(1e-16, 3))
    ax.legend(fontsize=9)
