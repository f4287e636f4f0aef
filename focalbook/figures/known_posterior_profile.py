"""Figure: distance to the posterior after recovery with a gamma that may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.channel import channel
from focalbook.campaigns.known_posterior import gammas_of, select
from focalbook.campaigns.measures import total_variation
from focalbook.figures.style import gamma_colors
from focalbook.store import Record
from focalbook.theory.minimizer import recover

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Profiles over the gamma used for recovery.

    Attributes
    ----------
    gammas : array, shape (g,)
        With which networks were trained.
    inverse : array, shape (m,)
        With which outputs were recovered; 0 leaves them as they are.
    distance : array, shape (g, seeds, m)
        Total variation to P, median over images.
    best : array, shape (g, seeds)
        The inverse gamma at which it is least, on the grid.
    """

    gammas: NDArray[np.float64]
    inverse: NDArray[np.float64]
    distance: NDArray[np.float64]
    best: NDArray[np.float64]


def data(records: Sequence[Record], highest: float = 8.0, points: int = 41) -> Data:
    """Recover the outputs of all networks with every gamma of a grid."""
    gammas = gammas_of(records)
    inverse = np.linspace(0.0, highest, points)
    posterior = channel(records[0].configuration["rare"])[records[0].arrays["digit"]]

    def profile(output: NDArray[np.float64]) -> list[float]:
        return [float(np.median(total_variation(recover(output, g), posterior))) for g in inverse]

    distance = np.array([[profile(r.arrays["output"]) for r in select(records, g)] for g in gammas])
    return Data(np.array(gammas), inverse, distance, inverse[distance.argmin(axis=-1)])


def draw(data: Data, ax: Any) -> None:
    """Draw one thin line for each network, one colour for each gamma of training, marked below."""
    for gamma, rows, colour in zip(data.gammas, data.distance, gamma_colors(list(data.gammas)), strict=True):
        for i, row in enumerate(rows):
            ax.plot(
                data.inverse, row, color=colour, linewidth=1.0, label=f"γ = {gamma:g}" if i == 0 else None
            )
        ax.axvline(gamma, color=colour, linewidth=1.0, linestyle=":")
    ax.set(xlabel="γ used for recovery", ylabel="distance to P (median)", ylim=(0, None))
    ax.set_xlim(data.inverse[0] - 0.1, data.inverse[-1])
    ax.legend(title="trained with", ncols=2)
