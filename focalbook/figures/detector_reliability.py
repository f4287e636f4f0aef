"""Figure: what the scores of the simulated detector mean, before and after recovery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.detector_head import CLASSES
from focalbook.store import Record
from focalbook.theory.sigmoid import recover_sigmoid, recover_sigmoid_logits

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Places grouped by what the head says about them.

    Attributes
    ----------
    gamma, alpha : float
    score, recovered : ndarray, shape (seeds, classes, bins, 2)
        Mean output and mean posterior of each group; NaN in empty ones.
    """

    gamma: float
    alpha: float
    score: Float
    recovered: Float


def _grouped(output: Float, truth: Float, bins: int) -> Float:
    """Mean output and mean truth in groups of equal size, by output."""
    order = np.argsort(output)
    parts = np.array_split(order, bins)
    return np.array([[output[part].mean(), truth[part].mean()] for part in parts])


def data(records: Sequence[Record], bins: int = 14) -> Data:
    """Group the places of each seed and class by output, in groups of equal size."""
    gamma, alpha = records[0].configuration["gamma"], records[0].configuration["alpha"]
    score, recovered = [], []
    for record in records:
        logits = record.arrays["logits"].reshape(-1, len(CLASSES))
        truth = record.arrays["posterior"].reshape(-1, len(CLASSES))
        back = recover_sigmoid_logits(logits, gamma, alpha)
        columns = range(len(CLASSES))
        score.append([_grouped(1 / (1 + np.exp(-logits[:, k])), truth[:, k], bins) for k in columns])
        recovered.append([_grouped(back[:, k], truth[:, k], bins) for k in columns])
    return Data(gamma, alpha, np.array(score), np.array(recovered))


def draw(data: Data, axes: Any) -> None:
    """Draw mean posterior against mean output on logarithmic axes; the curve is the map of theory."""
    curve = np.geomspace(5e-3, 0.9, 200)
    axes[0].plot(curve, recover_sigmoid(curve, data.gamma, data.alpha), color="C4", label="theory")
    parts = ((data.score, "reported score"), (data.recovered, "recovered"))
    for ax, (groups, label) in zip(axes, parts, strict=True):
        ax.plot([5e-5, 1], [5e-5, 1], color="C5", linewidth=1.0)
        for k, name in enumerate(CLASSES):
            points = groups[:, k].reshape(-1, 2)
            ax.plot(points[:, 0], points[:, 1], "osD"[k], color=f"C{k}", mfc="none", ms=5, label=name)
        ax.set(xscale="log", yscale="log", xlabel=label, xlim=(5e-5, 1), ylim=(5e-5, 1))
    axes[0].set_ylabel("how often an object is there")
    axes[0].legend(loc="upper left")
