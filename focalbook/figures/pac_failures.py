"""Figure: how often bounds fail when the prior is fixed in advance, and when it comes from the same data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.pac_coverage import Coins, Coverage, coverage

__all__ = ["SHOWN", "SIZES", "Data", "data", "draw"]

#: Numbers of hypotheses.
SIZES = tuple(10**power for power in range(10))
#: Rules that are drawn: name in the campaign, name in the figure, colour, marker.
SHOWN = {
    "kl event": ("kl form, fixed prior", "C0", "o"),
    "any posterior": ("λ form, fixed prior", "C2", "s"),
    "lambda, prior from the data": ("λ form, prior from data", "C3", "D"),
    "prior from the data": ("kl form, prior from data", "C1", "^"),
}


@dataclass(frozen=True)
class Data:
    """Failure rates.

    Attributes
    ----------
    sizes : ndarray, shape (m,)
        Numbers of hypotheses.
    betas : ndarray, shape (k,)
        Inverse temperatures, as exponents for each error.
    by_size, by_beta : tuple of Coverage
        Counts for each of them.
    beta_size : int
        Number of hypotheses of the second panel.
    """

    sizes: NDArray[np.float64]
    betas: NDArray[np.float64]
    by_size: tuple[Coverage, ...]
    by_beta: tuple[Coverage, ...]
    beta_size: int


def data(
    sizes: Sequence[int] = SIZES,
    betas: Sequence[float] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0),
    replicates: int = 10_000,
    seed: int = 0,
    beta_size: int = 10**6,
    risk: float = 0.1,
    n: int = 200,
) -> Data:
    """Draw `replicates` data sets for each size and for each inverse temperature, all risks equal."""
    rng = np.random.default_rng(seed)
    by_size = tuple(coverage(Coins((risk,), (size,), n), replicates, rng) for size in sizes)
    coins = Coins((risk,), (beta_size,), n)
    by_beta = tuple(coverage(coins, replicates, rng, beta=beta * n, lambdas=(1.0,)) for beta in betas)
    return Data(np.array(sizes, float), np.array(betas, float), by_size, by_beta, beta_size)


def _line(ax: Any, x: NDArray[np.float64], found: tuple[Coverage, ...], rule: str) -> None:
    """One rule with its Clopper-Pearson intervals."""
    name, colour, marker = SHOWN[rule]
    rate = np.array([one.rate(rule) for one in found])
    ends = np.array([one.interval(rule, 0.95) for one in found])
    bars = np.maximum(np.abs(ends - rate[:, None]).T, 0)
    ax.errorbar(
        x, rate, yerr=bars, color=colour, marker=marker, ms=5, lw=1.4,
        capsize=2, label=name,
    )  # fmt: skip


def draw(data: Data, axes: Any) -> None:
    """Failure rate against the size of the class, and against the inverse temperature of the prior."""
    left, right = axes
    for rule in SHOWN:
        _line(left, data.sizes, data.by_size, rule)
    for rule in ("lambda, prior from the data", "prior from the data"):
        _line(right, data.betas, data.by_beta, rule)
    delta = data.by_size[0].coins.delta
    for ax in axes:
        ax.axhline(delta, color="C5", ls="--", lw=1.2)
        ax.set_yscale("symlog", linthresh=1e-3, linscale=0.6)
        ax.set(ylim=(-2e-4, 1.6))
        ax.set_yticks([0, 1e-3, 1e-2, 0.1, 1], ["0", "0.001", "0.01", "0.1", "1"])
    left.annotate("δ", (data.sizes[0], delta), (0, 4), textcoords="offset points", color="C5")
    left.set(xscale="log", xlabel="hypotheses", ylabel="share of data sets on which it fails")
    right.set(xlabel="β/n of the prior")
    right.set_title(f"{data.beta_size:,} hypotheses")
    right.legend(*left.get_legend_handles_labels(), loc="lower right", fontsize=8, handlelength=1.2)
