"""Figure: what networks say about images of a digit, beside the posterior and the minimiser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.channel import LETTERS, channel
from focalbook.campaigns.known_posterior import select
from focalbook.figures.style import COLORS
from focalbook.store import Record
from focalbook.theory.minimizer import minimizer, recover

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Outputs of networks with one gamma for held-out images of some digits.

    Attributes
    ----------
    gamma : float
    digits : array, shape (d,)
    posterior, target : arrays, shape (d, 10)
        P and Q*.
    output, recovered : arrays, shape (d, 3, 10)
        10 %, 50 % and 90 % quantile over images and seeds.
    images : array, shape (d,)
        Held-out images of each digit.
    """

    gamma: float
    digits: NDArray[np.int64]
    posterior: NDArray[np.float64]
    target: NDArray[np.float64]
    output: NDArray[np.float64]
    recovered: NDArray[np.float64]
    images: NDArray[np.int64]


def data(records: Sequence[Record], gamma: float, digits: Sequence[int] = (0, 2, 7, 8)) -> Data:
    """Summarise the outputs of all networks trained with `gamma`."""
    chosen = select(records, gamma)
    posterior = channel(chosen[0].configuration["rare"])[list(digits)]
    seen = chosen[0].arrays["digit"]
    quantiles = [0.1, 0.5, 0.9]
    output, recovered = [], []
    for digit in digits:
        rows = np.concatenate([r.arrays["output"][seen == digit] for r in chosen])
        output.append(np.quantile(rows, quantiles, axis=0))
        recovered.append(np.quantile(recover(rows, gamma), quantiles, axis=0))
    counts = np.array([(seen == digit).sum() for digit in digits])
    target = minimizer(posterior, gamma)
    return Data(gamma, np.array(digits), posterior, target, np.array(output), np.array(recovered), counts)


def draw(data: Data, axes: Any) -> None:
    """Draw one axes for each digit: P and Q* as steps, outputs and recovered outputs as points with bars."""
    places = np.arange(data.posterior.shape[1])
    marks = (
        ("output", data.output, -0.16, "focal", "o"),
        ("recovered", data.recovered, 0.16, "recovered", "s"),
    )
    for i, ax in enumerate(np.ravel(axes)):
        for values, role, style in ((data.posterior, "posterior", "-"), (data.target, "focal", ":")):
            label = "P" if role == "posterior" else "Q*"
            ax.hlines(
                values[i], places - 0.42, places + 0.42, color=COLORS[role], linestyle=style, label=label
            )
        for name, values, shift, role, mark in marks:
            low, middle, high = values[i]
            ax.errorbar(
                places + shift, middle, [middle - low, high - middle], color=COLORS[role], fmt=mark,
                markersize=3.5, elinewidth=1.0, label=name,
            )  # fmt: skip
        ax.set_xticks(places, list(LETTERS))
        ax.set(yscale="log", ylim=(3e-3, 1.3), title=f"digit {data.digits[i]}")
        ax.grid(axis="x", visible=False)
    np.ravel(axes)[0].legend(ncols=2, loc="upper right")
