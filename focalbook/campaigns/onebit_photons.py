"""Monte Carlo for one bit of a Poisson count: estimates against the Cramer-Rao bound. Claim OB-5."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit import Poisson

__all__ = ["Measured", "PhotonBits", "run"]

Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PhotonBits:
    """Configuration of the experiment.

    Attributes
    ----------
    cells : tuple of (int, float)
        Threshold and mean of each series.
    bits : tuple of int
        Bits behind one estimate.
    replicates : int, >= 100
        Estimates at each point.
    level : float
        Of the intervals.
    seed : int
    """

    cells: tuple[tuple[int, float], ...] = ((1, 0.1), (1, 1.5936), (1, 4.0), (100, 99.5))
    bits: tuple[int, ...] = (30, 100, 300, 1000, 10_000, 100_000)
    replicates: int = 20_000
    level: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.cells or any(tau < 1 or mu <= 0 for tau, mu in self.cells):
            raise ValueError(f"cells must pair thresholds from 1 on with means above 0, got {self.cells!r}.")
        if not self.bits or min(self.bits) < 2:
            raise ValueError(f"bits must be whole numbers from 2 on, got {self.bits!r}.")
        if self.replicates < 100:
            raise ValueError(f"replicates must be at least 100, got {self.replicates}.")


@dataclass(frozen=True)
class Measured:
    """Relative errors of maximum likelihood; arrays have the shape (cells, bits).

    Attributes
    ----------
    config : PhotonBits
    bound : ndarray
        Cramer-Rao bound of the relative error, 1/(mu sqrt(J)).
    ratio, ratio_error : ndarray
        Root mean square relative error divided by the bound, and its Monte Carlo standard error.
    bias, bias_error : ndarray
        Mean relative error, and its standard error.
    coverage, coverage_error : ndarray
        Of log-scale Wald intervals.
    missing : ndarray
        Share of replicates without an estimate, all bits being equal; they are left out above.
    """

    config: PhotonBits
    bound: Float
    ratio: Float
    ratio_error: Float
    bias: Float
    bias_error: Float
    coverage: Float
    coverage_error: Float
    missing: Float


def _point(tau: int, mu: float, bits: int, config: PhotonBits, rng: np.random.Generator) -> list[float]:
    model = Poisson(exposure=1.0, tau=tau)
    counts = model.simulate(mu, bits, config.replicates, rng)
    seen, place = np.unique(counts, return_inverse=True)  # equal counts share one fit
    fitted = model.fit_batch(seen[:, None], bits)
    good = fitted.exists[place.ravel()]
    error = (fitted.estimate[:, 0] / mu - 1.0)[place.ravel()][good]
    ends = fitted.wald(config.level, log=True)[:, 0][place.ravel()][good]
    bound = 1.0 / (mu * np.sqrt(model.fisher_information(mu, bits)[0, 0]))
    n = good.sum()
    rms = np.sqrt((error**2).mean())
    inside = ((ends[:, 0] <= mu) & (mu <= ends[:, 1])).mean()
    return [
        bound,
        rms / bound,
        (error**2).std() / np.sqrt(n) / (2 * rms) / bound,
        error.mean(),
        error.std() / np.sqrt(n),
        inside,
        np.sqrt(inside * (1 - inside) / n),
        1.0 - n / config.replicates,
    ]


def run(config: PhotonBits | None = None) -> Measured:
    """Run the experiment; nothing is written.

    Parameters
    ----------
    config : PhotonBits, optional

    Returns
    -------
    Measured
        The same for the same configuration.
    """
    config = config or PhotonBits()
    rng = np.random.default_rng(config.seed)
    table = [[_point(tau, mu, n, config, rng) for n in config.bits] for tau, mu in config.cells]
    return Measured(config, *np.moveaxis(np.array(table), -1, 0))
