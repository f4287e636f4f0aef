"""Figure: a classifier with class weights, its outputs and two recoveries against the known posterior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from focalbook.campaigns.channel import COMMON
from focalbook.figures.style import COLORS
from focalbook.store import Record
from focalbook.theory.minimizer import recover_logits

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Medians over images and seeds, one for each digit and letter.

    Attributes
    ----------
    truth : ndarray, shape (digits, letters)
    output, half, recovered : ndarray, shape (digits, letters)
        As reported; recovered with gamma only; recovered with gamma and weights.
    """

    truth: Float
    output: Float
    half: Float
    recovered: Float


def data(records: Sequence[Record]) -> Data:
    """Pool all seeds."""
    gamma = records[0].configuration["training"]["gamma"]
    weights = np.array(records[0].configuration["weights"])
    logits, digit, truth = (
        np.concatenate([r.arrays[name] for r in records]) for name in ("logits", "digit", "posterior")
    )
    kinds = (
        truth,
        softmax(logits, axis=1),
        recover_logits(logits, gamma),
        recover_logits(logits, gamma, weights=weights),
    )
    medians = [np.array([np.median(kind[digit == d], axis=0) for d in range(10)]) for kind in kinds]
    return Data(*medians)


def draw(data: Data, axes: Any) -> None:
    """Draw three scatter plots on logarithmic axes, rare letters in another colour."""
    parts = (
        ("as reported", data.output),
        ("only γ undone", data.half),
        ("γ and weights undone", data.recovered),
    )
    for ax, (title, values) in zip(axes, parts, strict=True):
        ax.plot([3e-3, 1], [3e-3, 1], color="C5", linewidth=1.0)
        for columns, role, mark, label in (
            (slice(None, COMMON), "focal", "o", "common"),
            (slice(COMMON, None), "suppressed", "s", "rare"),
        ):
            x, y = data.truth[:, columns].ravel(), values[:, columns].ravel()
            ax.plot(x, y, mark, color=COLORS[role], mfc="none", ms=5, label=label)
        ax.set(xscale="log", yscale="log", xlim=(3e-3, 1.2), ylim=(3e-3, 1.2), title=title, aspect="equal")
        ax.set_xlabel("truth")
    axes[0].set_ylabel("model")
    axes[0].legend(loc="upper left")
