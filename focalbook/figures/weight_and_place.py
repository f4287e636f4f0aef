"""Figure: how much of the change of curvature is the focal weight, and how much is another place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.local_curvature import MATRICES, Measured

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Factors whose product is the whole change of the trace of the Hessian.

    Attributes
    ----------
    gammas : ndarray, shape (G,)
    place : ndarray, shape (seeds, G)
        Hessian of the cross-entropy, at the trained weights over at the cross-entropy weights.
    weight : ndarray, shape (seeds, G)
        Hessian of the focal loss over that of the cross-entropy, both at the trained weights.
    whole : ndarray, shape (seeds, G)
        Their product: each loss at its own weights.
    """

    gammas: NDArray[np.float64]
    place: NDArray[np.float64]
    weight: NDArray[np.float64]
    whole: NDArray[np.float64]


def data(measured: Measured) -> Data:
    """Split the ratio of traces."""
    own = measured.trace[1, :, :, MATRICES.index("hessian")]
    plain = measured.trace[1, :, :, MATRICES.index("cross-entropy hessian")]
    start = plain[:, :1]
    return Data(np.array(measured.gammas), plain / start, own / plain, own / start)


def draw(data: Data, ax: Any) -> None:
    """Draw the two factors and their product: mean over seeds, and every seed as a dot."""
    ax.axhline(1.0, color="C5", lw=1.0, ls=":")
    for values, colour, style, name in (
        (data.place, "C2", "--", "place: one yardstick, two sets of weights"),
        (data.weight, "C1", "-.", "weight: two losses, one set of weights"),
        (data.whole, "C0", "-", "both: what is seen in training"),
    ):
        ax.plot(data.gammas, values.mean(axis=0), color=colour, ls=style, label=name)
        for seed in values:
            ax.plot(data.gammas, seed, ".", color=colour, ms=5, alpha=0.7)
    ax.set(xlabel="γ", ylabel="ratio of traces, log scale", yscale="log", ylim=(0.2, 3.2))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("{x:g}")
    ax.tick_params(axis="y", which="minor", labelsize=8)
    ax.legend(fontsize=9, loc="upper left")
