"""Figure: over- and under-confidence against gamma, at the optimum and after learning labels by heart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from focalbook.calibration import confidence_gap
from focalbook.store import Record

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Parts of the calibration error of networks.

    Attributes
    ----------
    names : tuple of str
        Ways of training, P of them.
    gammas : ndarray, shape (G,)
    over, under : ndarray, shape (P, G, seeds)
        Parts of the calibration error, free of label noise.
    """

    names: tuple[str, ...]
    gammas: Float
    over: Float
    under: Float


def data(trained: Mapping[str, Sequence[Record]], bins: int = 15) -> Data:
    """Measure networks with the known posterior of every image.

    Parameters
    ----------
    trained
        For each way of training, records of :mod:`focalbook.campaigns.recalibration` with the same gammas and
        seeds.
    bins
        Bins of the calibration error.
    """
    gammas = sorted({float(r.configuration["training"]["gamma"]) for rs in trained.values() for r in rs})
    over, under = [], []
    for records in trained.values():
        parts = [
            [
                confidence_gap(softmax(r.arrays["logits"], axis=1), r.arrays["posterior"], bins, resamples=0)
                for r in records
                if r.configuration["training"]["gamma"] == gamma
            ]
            for gamma in gammas
        ]
        over.append([[part.over.value for part in row] for row in parts])
        under.append([[part.under.value for part in row] for row in parts])
    return Data(tuple(trained), np.array(gammas), np.array(over), np.array(under))


def draw(data: Data, axes: Any) -> None:
    """Draw over-confidence upwards and under-confidence downwards, one axes for each way of training."""
    place = np.arange(len(data.gammas))
    for ax, name, over, under in zip(axes, data.names, data.over, data.under, strict=True):
        ax.bar(place, over.mean(axis=1), color="C1", label="over-confident", width=0.7)
        ax.bar(place, -under.mean(axis=1), color="C0", label="under-confident", width=0.7)
        for values, sign in ((over, 1), (under, -1)):
            ax.plot(np.repeat(place, values.shape[1]), sign * values.ravel(), ".", color="C5", ms=5)
        ax.axhline(0, color="C5", lw=0.8)
        ax.set_xticks(place, [f"{g:g}" for g in data.gammas])
        ax.set(xlabel="γ", title=name)
    largest, lowest = float(data.over.max()), float(data.under.max())
    for ax in axes:
        ax.set_ylim(-1.08 * lowest - 1e-3, 1.08 * largest + 1e-3)
    axes[0].set_ylabel("part of the calibration error")
    axes[0].legend(fontsize=9)
