"""Figure: the losses of a trained network's test images, against the distribution of largest entropy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.entropy_penalty import Run
from focalbook.theory.entropy import kl_divergence
from focalbook.theory.maxent import Levels

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Histograms of log losses, and for each the most even one with its mean.

    Attributes
    ----------
    names : tuple of str, length L
    centres : ndarray, shape (b,)
        Middles of the bins, nats.
    share : ndarray, shape (L, b)
        Share of the test images.
    most_even : ndarray, shape (L, b)
        Maxwell-Boltzmann on the middles of the bins, with the mean of the histogram.
    beta, mean, lack : ndarray, shape (L,)
        Its beta, the mean, and the entropy that the histogram lacks, nats.
    noise : ndarray, shape (L,)
        95 % quantile of that lack for as many draws from the Maxwell-Boltzmann distribution itself.
    """

    names: tuple[str, ...]
    centres: NDArray[np.float64]
    share: NDArray[np.float64]
    most_even: NDArray[np.float64]
    beta: NDArray[np.float64]
    mean: NDArray[np.float64]
    lack: NDArray[np.float64]
    noise: NDArray[np.float64]


def data(runs: Sequence[Run], bins: int = 24, most: float = 6.0, draws: int = 200) -> Data:
    """Bin -log q_y of the test images between 0 and a largest one; larger losses go into the last bin."""
    edges = np.linspace(0.0, most, bins + 1)
    levels, rng = Levels(0.5 * (edges[:-1] + edges[1:])), np.random.default_rng(0)
    rows = []
    for run in runs:
        own = run.test_probabilities[np.arange(len(run.test_labels)), run.test_labels]
        loss = np.minimum(-np.log(np.maximum(own, 1e-300)), most)
        share = np.histogram(loss, edges)[0] / loss.size
        mean = float(share @ levels.energies)
        beta = levels.beta(mean)
        even = levels.probabilities(beta)
        sampled = rng.multinomial(loss.size, even, draws) / loss.size
        chance = np.array([_lack(levels, row) for row in sampled])
        rows.append((share, even, beta, mean, _lack(levels, share), np.quantile(chance, 0.95)))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Data(tuple(run.loss for run in runs), levels.energies, *columns)


def _lack(levels: Levels, share: NDArray[np.float64]) -> float:
    """KL from the Maxwell-Boltzmann distribution of the same mean: the entropy that is lacking."""
    mean = min(max(float(share @ levels.energies), levels.low), levels.high)
    return float(kl_divergence(share, levels.probabilities(levels.beta(mean))))


def draw(data: Data, axes: Any) -> None:
    """Draw one panel for each network."""
    width = 0.9 * (data.centres[1] - data.centres[0])
    for k, (ax, name) in enumerate(zip(axes, data.names, strict=True)):
        ax.bar(data.centres, data.share[k], width, color="C0", alpha=0.55, lw=0, label="test images")
        ax.plot(data.centres, data.most_even[k], "o-", color="C1", ms=3, lw=1.4, label="largest entropy")
        ax.set(xlabel="loss, nats", yscale="log", ylim=(5e-4, 1.3), title=name)
    axes[0].set_ylabel("share")
    axes[-1].legend(loc="upper right", fontsize=8.5)
