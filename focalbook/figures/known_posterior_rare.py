"""Figure: what becomes of letters that are equally rare for every digit, measured against predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.channel import COMMON, channel
from focalbook.campaigns.known_posterior import gammas_of, select
from focalbook.campaigns.measures import over_seeds
from focalbook.figures.style import gamma_colors
from focalbook.store import Record
from focalbook.theory.minimizer import minimizer, multiplier

__all__ = ["Data", "data", "draw", "rare_log_ratio"]


@dataclass(frozen=True)
class Data:
    """Mean of log(output / P) over the rare letters, for each gamma > 0 and digit.

    Attributes
    ----------
    gammas : array, shape (g,)
    multiplier, predicted : arrays, shape (g, 10)
        lambda, and log(Q*/P).
    measured, low, high : arrays, shape (g, 10)
        Mean over seeds of the difference to the cross-entropy network of the same seed, Student's interval.
    pooled : array, shape (g, 3)
        Mean over the digits whose rare letters are over-suppressed: value and interval over seeds.
    pooled_predicted : array, shape (g,)
    """

    gammas: NDArray[np.float64]
    multiplier: NDArray[np.float64]
    predicted: NDArray[np.float64]
    measured: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    pooled: NDArray[np.float64]
    pooled_predicted: NDArray[np.float64]


def rare_log_ratio(record: Record) -> NDArray[np.float64]:
    """Log of output over P, mean over the rare letters, median over the images of each digit: shape (10,)."""
    digit = record.arrays["digit"]
    posterior = channel(record.configuration["rare"])[digit]
    ratio = np.log(record.arrays["output"] / posterior)[:, COMMON:].mean(axis=1)
    return np.array([np.median(ratio[digit == d]) for d in range(10)])


def data(records: Sequence[Record]) -> Data:
    """Measure against the cross-entropy networks, which show what training alone does to rare letters."""
    gammas = [g for g in gammas_of(records) if g > 0]
    table = channel(records[0].configuration["rare"])
    predicted = np.array([np.log(minimizer(table, g) / table)[:, -1] for g in gammas])
    level = np.array([multiplier(table, g) for g in gammas])
    plain = np.array([rare_log_ratio(r) for r in select(records, 0.0)])
    measured, pooled = [], []
    for g, lowered in zip(gammas, predicted < 0, strict=True):
        difference = np.array([rare_log_ratio(r) for r in select(records, g)]) - plain
        rows = [over_seeds(column) for column in difference.T]
        measured.append([(e.value, e.low, e.high) for e in rows])
        whole = over_seeds(difference[:, lowered].mean(axis=1))
        pooled.append((whole.value, whole.low, whole.high))
    value, low, high = np.moveaxis(np.array(measured), -1, 0)
    together = np.array([row[row < 0].mean() for row in predicted])
    return Data(np.array(gammas), level, predicted, value, low, high, np.array(pooled), together)


def draw(data: Data, axes: Any) -> None:
    """Draw measured against predicted ratios, all of them and those near one."""
    whole, near = axes
    for ax, (start, end), ticks in (
        (whole, (-0.35, 1.85), (0.75, 1.0, 1.5, 2.0, 3.0, 5.0)),
        (near, (-0.22, 0.22), (0.85, 0.9, 0.95, 1.0, 1.1, 1.2)),
    ):
        ax.plot([start, end], [start, end], color="C5", linewidth=1.0)
        ax.axhline(0, color="C5", linewidth=0.8, linestyle=":")
        ax.axvline(0, color="C5", linewidth=0.8, linestyle=":")
        for i, colour in enumerate(gamma_colors(list(data.gammas))):
            spread = [data.measured[i] - data.low[i], data.high[i] - data.measured[i]]
            ax.errorbar(
                data.predicted[i], data.measured[i], spread, color=colour, fmt="osD"[i % 3], markersize=4.5,
                elinewidth=1.0, label=f"γ = {data.gammas[i]:g}",
            )  # fmt: skip
        labels = [f"{t:g}" for t in ticks]
        ax.set_xticks(np.log(ticks), labels)
        ax.set_yticks(np.log(ticks), labels)
        ax.set(xlim=(start, end), ylim=(start, end), xlabel="predicted, Q*/P", ylabel="measured")
    whole.set_title("all digits")
    near.set_title("near one")
    whole.legend(loc="upper left")
