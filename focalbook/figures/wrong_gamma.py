"""Figure: what a wrong gamma or a wrong weight does to the recovery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.detector_head import excess
from focalbook.figures.style import gamma_colors
from focalbook.store import Record
from focalbook.theory.sigmoid import recover_sigmoid, recover_sigmoid_logits, sigmoid_minimizer

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Recovery with assumed values.

    Attributes
    ----------
    gamma, alpha : float
        The right values.
    assumed : ndarray, shape (n,)
        Assumed gamma.
    truths : tuple of float
        Posteriors.
    factor : ndarray, shape (truths, n)
        Recovered over true probability, for the minimiser of each posterior.
    loss : ndarray, shape (seeds, n)
        Excess log loss of the trained heads recovered with the assumed gamma and the right alpha, nats.
    untouched : float
        Excess log loss of the scores as they are, mean over seeds.
    """

    gamma: float
    alpha: float
    assumed: Float
    truths: tuple[float, ...]
    factor: Float
    loss: Float
    untouched: float


def data(records: Sequence[Record], truths: Sequence[float] = (0.001, 0.01, 0.1, 0.5)) -> Data:
    """Recover with every gamma from 0 to 4."""
    gamma, alpha = records[0].configuration["gamma"], records[0].configuration["alpha"]
    assumed = np.linspace(0.0, 2.0 * gamma, 41)
    q = sigmoid_minimizer(np.asarray(truths, dtype=float), gamma, alpha)
    factor = [[recover_sigmoid(x, g, alpha) / p for g in assumed] for x, p in zip(q, truths, strict=True)]
    loss = []
    for record in records:
        logits, truth = record.arrays["logits"], record.arrays["posterior"]
        loss.append([excess(truth, recover_sigmoid_logits(logits, g, alpha)).mean() for g in assumed])
    untouched = np.mean([record.metrics["excess_score"].value for record in records])
    return Data(gamma, alpha, assumed, tuple(truths), np.array(factor), np.array(loss), float(untouched))


def draw(data: Data, axes: Any) -> None:
    """Draw the factor (left) and the excess loss (right) against the assumed gamma."""
    left, right = axes
    for row, truth, color in zip(data.factor, data.truths, gamma_colors(data.truths), strict=True):
        left.plot(data.assumed, row, color=color, label=f"p = {truth:g}")
    left.axhline(1.0, color="C5", linewidth=0.8)
    left.set(yscale="log", xlabel="assumed γ", ylabel="recovered / true probability")
    left.legend(loc="upper right")
    right.plot(data.assumed, data.loss.T, color="C2", linewidth=1.2)
    right.axhline(data.untouched, color="C0", linestyle="--", label="scores as they are")
    right.set(yscale="log", xlabel="assumed γ", ylabel="excess log loss (nats)")
    right.legend(loc="lower left")
    for ax in axes:
        ax.axvline(data.gamma, color="C5", linestyle=":")
