"""Figure: bound and test risk of a class of digit classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.pac_digits import Certificate, Losses, certify, prior_from

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Certificates.

    Attributes
    ----------
    temperature : ndarray, shape (t,)
        Temperatures of the class.
    mass : dict of float to ndarray, shape (t,)
        For each gamma the posterior mass of its temperatures, given that gamma (uniform prior).
    betas : ndarray, shape (b,)
        Inverse temperatures of the prior; the bound is taken at delta/b, so that it holds for all of them.
    allowed, forbidden : tuple of Certificate
        With energies from the images the networks were trained on, and from the images of the bound itself.
    single : float
        The bound without the price for choosing beta, at beta = 0.
    """

    temperature: NDArray[np.float64]
    mass: dict[float, NDArray[np.float64]]
    betas: NDArray[np.float64]
    allowed: tuple[Certificate, ...]
    forbidden: tuple[Certificate, ...]
    single: float


def data(
    losses: Losses,
    betas: Sequence[float] = (0.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0),
    delta: float = 0.05,
) -> Data:
    """Certify each gamma alone under the uniform prior, and the whole class under priors of each beta."""
    grid = np.unique(losses.temperature)
    empirical = losses.bound.mean(axis=0)
    mass = {}
    for gamma in np.unique(losses.gamma):
        own = (losses.gamma == gamma) / np.sum(losses.gamma == gamma)
        rho = certify(losses, own, delta).minimum.posterior
        mass[float(gamma)] = np.array([rho[losses.temperature == t].sum() for t in grid])
    share = delta / len(betas)
    allowed = tuple(certify(losses, prior_from(losses.energy, b), share) for b in betas)
    forbidden = tuple(certify(losses, prior_from(empirical, b), share) for b in betas)
    single = certify(losses, prior_from(losses.energy, 0.0), delta).minimum.bound
    return Data(grid, mass, np.array(betas, float), allowed, forbidden, single)


def draw(data: Data, axes: Any) -> None:
    """Posterior over temperatures on the first axes, bound and test risk on the second."""
    left, right = axes
    for (gamma, mass), style, marker in zip(data.mass.items(), ("-", "--", "-.", ":"), "os^D", strict=False):
        left.plot(data.temperature, mass, ls=style, marker=marker, ms=4, lw=1.4, label=f"γ = {gamma:g}")
    left.axvline(1.0, color="C5", lw=1.0)
    left.set(xscale="log", xlabel="temperature", ylabel="posterior mass", ylim=(0, None))
    left.legend(loc="upper right", fontsize=9)
    place = np.maximum(data.betas, 1.0)
    risk = np.array([one.risk for one in data.allowed])
    error = np.array([one.error for one in data.allowed])
    allowed = [one.minimum.bound for one in data.allowed]
    forbidden = [one.minimum.bound for one in data.forbidden]
    right.plot(place, allowed, "o-", color="C0", label="bound, energies from other images")
    right.plot(place, forbidden, "^--", color="C1", label="not a bound: energies from the same")
    right.errorbar(
        place, risk, yerr=1.96 * error, fmt="s", color="C2", ms=5, capsize=2, label="test risk, ± 95 %"
    )
    ticks = [1, 10, 100, 1000]
    right.set(xscale="log", xlabel="β of the prior (leftmost: 0)", ylabel="half Brier score")
    right.set_xticks(ticks, ["0", "10", "100", "1000"])
    right.set_ylim(0, 1.25 * max(allowed))
    right.legend(loc="lower left", fontsize=8.5)
