"""Figure: confidence on the training images under three losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.entropy_penalty import Run
from focalbook.theory.penalty import penalised_minimizer

__all__ = ["Data", "data", "draw"]

_STYLES = {"cross-entropy": ("C2", ":"), "focal": ("C0", "-"), "penalised": ("C1", "--")}


@dataclass(frozen=True)
class Data:
    """Training curves.

    Attributes
    ----------
    names : tuple of str, length L
    steps : ndarray, shape (t,)
    confidence, spread : ndarray, shape (L, t)
        Mean probability of the true class on the training images, and mean entropy of the model there, nats.
    floor : float
        Probability at which the minimiser of the bound stops for a certain label.
    """

    names: tuple[str, ...]
    steps: NDArray[np.int64]
    confidence: NDArray[np.float64]
    spread: NDArray[np.float64]
    floor: float


def data(runs: Sequence[Run], classes: int = 10) -> Data:
    """Collect the curves of runs with equal steps; the floor is computed from gamma and the classes alone."""
    certain = np.eye(classes)[0]
    floor = float(penalised_minimizer(certain, runs[-1].gamma)[0])
    return Data(
        tuple(run.loss for run in runs),
        runs[0].steps,
        np.stack([run.confidence for run in runs]),
        np.stack([run.spread for run in runs]),
        floor,
    )


def draw(data: Data, axes: Any) -> None:
    """Draw confidence on the first axes and entropy on the second."""
    for k, name in enumerate(data.names):
        colour, style = _STYLES[name]
        for ax, curves in zip(axes, (data.confidence, data.spread), strict=True):
            ax.plot(data.steps, curves[k], color=colour, ls=style, label=name)
    axes[0].axhline(data.floor, color="C5", lw=1.0)
    axes[0].annotate(
        "predicted", (data.steps[0], data.floor), (0, 4), textcoords="offset points",
        fontsize=9, ha="left", va="bottom", color="C5",
    )  # fmt: skip
    axes[0].set(ylabel="probability of the true class", ylim=(0, 1.03))
    axes[1].set(ylabel="entropy of the model, nats", ylim=(0, None))
    axes[1].legend(loc="lower left", fontsize=9)
    for ax in axes:
        ax.set(xlabel="step", xscale="log")
