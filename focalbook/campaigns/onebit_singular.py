"""Designs whose mean information per bit tends to a singular matrix, and what the estimates then do.

Bits come in blocks m = 0, 1, ..., 2^m of them at each of two thresholds +-tau_m, for a normal variable of
mean 0 and standard deviation 1. Either tau_m = 2^(-kappa m): all thresholds tend to one ratio, and the spread
is seen less and less. Or tau_m = 1/2 + sqrt(2 kappa m log 2): thresholds run away, and bits become
predictable. With a small kappa the information still grows, more slowly than n; with a large one it stays
bounded. Claim OB-3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from focalbook.onebit import Gaussian

__all__ = ["CASES", "Case", "Growth", "affinity", "grow", "thresholds"]

Float = NDArray[np.float64]

TRUTH = (0.0, 1.0)
#: A second standard deviation that one would like to tell from the true one.
OTHER = 1.25


@dataclass(frozen=True)
class Case:
    """A sequence of designs.

    Attributes
    ----------
    kind : {"shrinking", "running"}
        Thresholds tend to one ratio, or run away.
    kappa : float, >= 0
        How fast. For "shrinking", 0 leaves the thresholds where they are.
    """

    kind: Literal["shrinking", "running"]
    kappa: float

    def __post_init__(self) -> None:
        if self.kind not in ("shrinking", "running") or not self.kappa >= 0:
            raise ValueError(
                f"kind is shrinking or running and kappa at least 0, got {self.kind}, {self.kappa}."
            )


#: Regular, slow, and hopeless.
CASES = (
    Case("shrinking", 0.0),
    Case("shrinking", 0.25),
    Case("shrinking", 1.0),
    Case("running", 0.5),
    Case("running", 2.0),
)


@dataclass(frozen=True)
class Growth:
    """One sequence of designs.

    Attributes
    ----------
    case : Case
    bits : ndarray, shape (k,)
        n after each number of blocks.
    smallest : ndarray, shape (k,)
        Smallest eigenvalue of J_n/n.
    theory : ndarray, shape (k,)
        Standard error of 1/s from J_n^-1.
    spread : ndarray, shape (k,)
        Half the range of the middle 68.27 % of the estimates of 1/s; it counts replicates whose likelihood
        rises to s = infinity as 0, separated ones as infinity.
    missing : ndarray, shape (k,)
        Share without a maximum.
    affinity : ndarray, shape (k,)
        Hellinger affinity of all bits between s = 1 and s = 1.25: 1 when they cannot be told apart, towards 0
        when they can.
    replicates : int
    """

    case: Case
    bits: Float
    smallest: Float
    theory: Float
    spread: Float
    missing: Float
    affinity: Float
    replicates: int


def thresholds(case: Case, blocks: int) -> tuple[Float, Float]:
    """Thresholds and numbers of bits at each, shape (2 blocks,)."""
    if blocks < 2:
        raise ValueError(f"blocks must be at least 2, got {blocks}.")
    m = np.arange(blocks)
    if case.kind == "shrinking":
        tau = 2.0 ** (-case.kappa * m)
    else:
        tau = np.sqrt(2.0 * case.kappa * m * np.log(2.0)) + 0.5
    return np.concatenate([tau, -tau]), np.tile(2.0**m, 2)


def affinity(tau: Float, trials: Float, other: float = OTHER) -> float:
    """Sum over all outcomes of the root of the product of their probabilities under s = 1 and s = `other`."""
    p, q = ndtr(-tau), ndtr(-tau / other)
    return float(np.exp((trials * np.log(np.sqrt(p * q) + np.sqrt((1 - p) * (1 - q)))).sum()))


def _slopes(
    model: Gaussian, trials: Float, replicates: int, rng: np.random.Generator
) -> tuple[Float, NDArray[np.bool_]]:
    """Estimates of 1/s, and which of them have no maximum."""
    fits = model.fit_batch(model.simulate(TRUTH, trials, replicates, rng), trials)
    slope = np.where(fits.status == 2, 0.0, np.inf)
    slope[fits.exists] = 1.0 / fits.estimate[fits.exists, 1]
    return slope, ~fits.exists


def grow(case: Case, most: int = 16, replicates: int = 4000, seed: int = 0) -> Growth:
    """Estimate after 3, 4, ... `most` blocks.

    Parameters
    ----------
    case : Case
    most : int, >= 3
        Blocks of the largest design: n = 2 (2^most - 1).
    replicates : int, >= 100
        Data sets for each.
    seed : int
    """
    if most < 3 or replicates < 100:
        raise ValueError(f"most must be at least 3 and replicates at least 100, got {most} and {replicates}.")
    rng, rows = np.random.default_rng(seed), []
    for blocks in range(3, most + 1):
        tau, trials = thresholds(case, blocks)
        model, n = Gaussian(1.0, tau), trials.sum()
        information = model.fisher_information(TRUTH, trials)  # at s = 1 the same about 1/s as about s
        slope, lost = _slopes(model, trials, replicates, rng)
        low, high = np.quantile(slope, [0.158655, 0.841345], method="nearest")
        rows.append(
            (
                n,
                np.linalg.eigvalsh(information)[0] / n,
                np.sqrt(np.linalg.inv(information)[1, 1]),
                (high - low) / 2 if np.isfinite(high) else np.inf,
                lost.mean(),
                affinity(tau, trials),
            )
        )
    bits, smallest, theory, spread, gone, near = np.array(rows).T
    return Growth(case, bits, smallest, theory, spread, gone, near, replicates)
