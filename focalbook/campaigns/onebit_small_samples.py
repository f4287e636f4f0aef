"""One-bit Gaussian data of known truth, many small samples: whether estimates exist and intervals cover.

Counts are drawn for each threshold, so a replicate costs as much as its thresholds. Claims OB-2, OB-6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from focalbook.onebit import Gaussian

__all__ = ["INTERVALS", "OUTCOMES", "Measured", "SmallSamples", "run"]

Float = NDArray[np.float64]

#: What can become of a sample, in the order of `Measured.share`.
OUTCOMES = ("estimate", "separated", "rising")
#: Intervals whose coverage is measured, in the order of `Measured.coverage`.
INTERVALS = ("a, Wald", "a, likelihood ratio", "s, Wald", "s, Wald of log s", "s, likelihood ratio")


@dataclass(frozen=True, kw_only=True)
class SmallSamples:
    """Configuration.

    Attributes
    ----------
    mean, deviation : float
        The truth; the deviation above 0.
    thresholds : tuple of float
        At least two different ones, each with the same number of bits.
    bits : tuple of int, >= 1
        Bits at each threshold, one sample size after the other.
    replicates : int, >= 100
        Samples of each size.
    level : float
        Nominal level of the intervals, in (0, 1).
    seed : int
    """

    mean: float = 0.3
    deviation: float = 1.2
    thresholds: tuple[float, ...] = (-1.0, 0.0, 1.0)
    bits: tuple[int, ...] = (2, 4, 7, 12, 20, 35, 60, 100, 200)
    replicates: int = 4000
    level: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.deviation > 0:
            raise ValueError(f"deviation must be above 0, got {self.deviation}.")
        if len(set(self.thresholds)) < 2:
            raise ValueError(f"thresholds must hold two different ones, got {self.thresholds!r}.")
        if not self.bits or min(self.bits) < 1:
            raise ValueError(f"bits must be whole numbers from 1 on, got {self.bits!r}.")
        if self.replicates < 100 or not 0 < self.level < 1:
            raise ValueError(
                f"replicates must be at least 100 and level inside (0, 1), "
                f"got {self.replicates} and {self.level}."
            )


@dataclass(frozen=True)
class Measured:
    """Shares over replicates.

    Attributes
    ----------
    config : SmallSamples
    size : ndarray of int, shape (n,)
        Bits in a sample.
    share : ndarray, shape (n, 3)
        Of samples with each of :data:`OUTCOMES`.
    coverage : ndarray, shape (n, 5)
        Of each of :data:`INTERVALS`, among samples with an estimate.
    fitted : ndarray of int, shape (n,)
        Samples with an estimate.
    """

    config: SmallSamples
    size: NDArray[np.int64]
    share: Float
    coverage: Float
    fitted: NDArray[np.int64]

    def errors(self, share: Float, trials: NDArray[np.int64] | int) -> Float:
        """Half-widths of 95 % intervals of shares, by the normal approximation with one success added."""
        n = np.asarray(trials, np.float64) + 2.0
        p = (share * (n - 2.0) + 1.0) / n
        return np.asarray(1.96 * np.sqrt(p * (1.0 - p) / n))


def run(config: SmallSamples | None = None) -> Measured:
    """Draw the samples and fit them; nothing is written.

    Parameters
    ----------
    config : SmallSamples, optional

    Returns
    -------
    Measured
        The same for the same configuration.
    """
    config = config or SmallSamples()
    model = Gaussian(1.0, np.array(config.thresholds))
    truth = (config.mean, config.deviation)
    cut = float(ndtri(0.5 + config.level / 2) ** 2)
    rng = np.random.default_rng(config.seed)
    share, coverage, fitted = [], [], []
    for bits in config.bits:
        fits = model.fit_batch(model.simulate(truth, bits, config.replicates, rng), bits)
        share.append([float((fits.status == k).mean()) for k in range(len(OUTCOMES))])
        good = fits.exists
        ends, logs = fits.wald(config.level)[good], fits.wald(config.level, log=True)[good]
        inside = [
            (e[:, j, 0] <= truth[j]) & (truth[j] <= e[:, j, 1]) for j, e in ((0, ends), (1, ends), (1, logs))
        ]
        ratio = [fits.deviance(name, value)[good] <= cut for name, value in zip("as", truth, strict=True)]
        covered = (inside[0], ratio[0], inside[1], inside[2], ratio[1])
        coverage.append([float(x.mean()) if x.size else np.nan for x in covered])
        fitted.append(int(good.sum()))
    size = np.array(config.bits) * len(config.thresholds)
    return Measured(config, size, np.array(share), np.array(coverage), np.array(fitted))
