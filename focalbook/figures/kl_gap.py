"""Figure: the divergence from a Maxwell-Boltzmann prior as a gap in the plane of mean energy and entropy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.entropy import entropy, kl_divergence
from focalbook.theory.pacbayes import gibbs

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Points and curves.

    Attributes
    ----------
    cloud : ndarray, shape (m, 2)
        Mean energy and entropy in nats of random posteriors.
    frontier : ndarray, shape (k, 2)
        The same of Maxwell-Boltzmann distributions, beta from negative to positive.
    beta : float
        Inverse temperature of the prior.
    prior : ndarray, shape (2,)
        Its mean energy and entropy.
    marked : ndarray, shape (3, 2)
        Three posteriors: the first two have one mean energy, the third has less entropy than the first but a
        smaller divergence.
    divergence : ndarray, shape (3,)
        Their divergences from the prior, nats.
    betas, by_beta : ndarray, shape (j,) and (3, j)
        Divergence of the marked posteriors from priors of other temperatures.
    line : ndarray, shape (2, 2)
        The tangent at the prior: beta times mean energy plus log Z.
    """

    cloud: NDArray[np.float64]
    frontier: NDArray[np.float64]
    beta: float
    prior: NDArray[np.float64]
    marked: NDArray[np.float64]
    divergence: NDArray[np.float64]
    betas: NDArray[np.float64]
    by_beta: NDArray[np.float64]
    line: NDArray[np.float64]


def data(beta: float = 1.5, count: int = 8, seed: int = 3, points: int = 600) -> Data:
    """Compute everything for `count` hypotheses with energies evenly spaced in [0, 2]."""
    rng = np.random.default_rng(seed)
    energy = np.linspace(0.0, 2.0, count)
    uniform = np.full(count, 1.0 / count)

    def place(rho: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([rho @ energy, entropy(rho)], axis=-1)

    cloud = np.concatenate([rng.dirichlet(np.full(count, a), points // 3) for a in (0.2, 0.6, 2.0)])
    slopes = np.linspace(-12, 12, 200)
    frontier = gibbs(uniform, np.broadcast_to(energy, (200, count)), slopes)
    prior = gibbs(uniform, energy, beta)
    mixed = gibbs(uniform, energy, 0.2)
    coarse = np.zeros(count)
    coarse[[0, -1]] = 1 - (mixed @ energy) / 2, (mixed @ energy) / 2  # two hypotheses, the same mean energy
    cold = gibbs(uniform, energy, 2.6)
    posteriors = np.stack([mixed, coarse, cold])
    betas = np.linspace(-1.0, 5.0, 121)
    by_beta = np.stack(
        [[kl_divergence(rho, gibbs(uniform, energy, float(b))) for b in betas] for rho in posteriors]
    )
    ends = np.array([0.0, 1.6])
    log_z = float(np.log(np.exp(-beta * energy).sum()))
    line = np.stack([ends, beta * ends + log_z], axis=1)
    divergence = kl_divergence(posteriors, np.broadcast_to(prior, posteriors.shape))
    return Data(
        place(cloud), place(frontier), beta, place(prior), place(posteriors), divergence, betas, by_beta, line
    )


def draw(data: Data, axes: Any) -> None:
    """The plane on the first axes, divergences against beta on the second."""
    left, right = axes
    left.plot(*data.cloud.T, ".", color="C5", ms=2, alpha=0.6)
    left.plot(*data.frontier.T, color="C0", lw=2.2)
    left.plot(*data.line.T, color="C4", ls="--", lw=1.4)
    left.plot(*data.prior, "*", color="C4", ms=13)
    for (x, h), gap, name, colour, marker in zip(
        data.marked, data.divergence, "ABC", ("C1", "C2", "C3"), "os^", strict=True
    ):
        left.plot(x, h, marker, color=colour, ms=7)
        x = x + {"A": 0.04, "B": -0.04, "C": 0.0}[name]  # two arrows at one mean energy
        left.annotate("", (x, h + gap), (x, h), arrowprops={"arrowstyle": "<->", "color": colour, "lw": 1.4})
        side = {"A": (-18, 4), "B": (10, -6), "C": (-12, -16)}[name]
        left.annotate(name, (x, h), side, textcoords="offset points", color=colour, fontsize=11)
    left.set(xlabel="mean energy", ylabel="entropy, nats", xlim=(0, 2), ylim=(0, 3.6))
    for row, colour, style, name in zip(
        data.by_beta, ("C1", "C2", "C3"), ("-", "--", "-."), "ABC", strict=True
    ):
        right.plot(data.betas, row, color=colour, ls=style, label=name)
        least = int(row.argmin())
        right.plot(data.betas[least], row[least], "v", color=colour, ms=6)
    right.axvline(data.beta, color="C4", lw=1.0, ls="--")
    right.set(xlabel="β of the prior", ylabel="KL(ρ‖π), nats", ylim=(0, 4))
    right.legend(loc="upper center", fontsize=9, ncols=3)
