"""Figure: what an error over bins measures, against the number of rows and the number of bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration import calibration_error

__all__ = ["Data", "data", "draw", "wavy"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Errors over bins of two models.

    Attributes
    ----------
    rows : int array, shape (R,)
        Numbers of rows, left panel.
    bins : tuple of int
        Numbers of bins, left panel, B of them.
    calibrated : ndarray, shape (B, R)
        Mean error of a calibrated model from drawn labels.
    bound : ndarray, shape (B, R)
        Half the root of bins over rows.
    many : int array, shape (M,)
        Numbers of bins, right panel.
    sizes : tuple of int
        Numbers of rows, right panel, S of them.
    found : ndarray, shape (S, M)
        Mean error of the miscalibrated model from drawn labels.
    exact : ndarray, shape (M,)
        The same for infinitely many rows.
    truth : float
        Its error without bins.
    """

    rows: NDArray[np.int64]
    bins: tuple[int, ...]
    calibrated: Float
    bound: Float
    many: NDArray[np.int64]
    sizes: tuple[int, ...]
    found: Float
    exact: Float
    truth: float


def wavy(confidence: Float, waves: int = 8) -> Float:
    """Accuracy of a model that errs up and down by turns: `waves` turns between 0 and 1, none at 1."""
    return confidence + 0.3 * (1.0 - confidence) * np.sin(2 * np.pi * waves * confidence)


def _mean_error(confidence: Float, accuracy: Float, rows: int, bins: int, rng: np.random.Generator) -> float:
    """Mean over draws of rows and labels; fewer draws of more rows."""
    found = []
    for _ in range(max(8, min(100, 40_000 // rows))):
        drawn = rng.integers(len(confidence), size=rows)
        c = confidence[drawn]
        labels = (rng.random(rows) >= accuracy[drawn]).astype(np.int64)
        found.append(calibration_error(np.stack([c, 1 - c], axis=1), labels, bins, resamples=0).value)
    return float(np.mean(found))


def data(
    waves: int = 8,
    rows: Sequence[int] = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000),
    bins: Sequence[int] = (5, 15, 100),
    sizes: Sequence[int] = (500, 5000),
    seed: int = 0,
) -> Data:
    """Draw labels for a calibrated model, and for one that errs up and down by turns.

    Parameters
    ----------
    waves
        Turns of the second model, see :func:`wavy`. Confidences are uniform between 1/2 and 1.
    rows, bins
        Left panel.
    sizes
        Right panel.
    seed
        Seed of rows and labels.
    """
    rng = np.random.default_rng(seed)
    p = np.linspace(0.5, 1.0, 20_001)[1:]
    many = np.array([1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50, 100, 200, 500])
    accuracy = wavy(p, waves)
    pair, truth = np.stack([p, 1 - p], axis=1), np.stack([accuracy, 1 - accuracy], axis=1)
    exact = [calibration_error(pair, truth, int(m), resamples=0).value for m in many]
    return Data(
        np.array(rows),
        tuple(bins),
        np.array([[_mean_error(p, p, n, m, rng) for n in rows] for m in bins]),
        0.5 * np.sqrt(np.array(bins)[:, None] / np.array(rows)),
        many,
        tuple(sizes),
        np.array([[_mean_error(p, accuracy, n, int(m), rng) for m in many] for n in sizes]),
        np.array(exact),
        float(np.abs(p - accuracy).mean()),
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the calibrated model on the first axes, the other one on the second."""
    left, right = axes
    for k, (bins, found, bound) in enumerate(zip(data.bins, data.calibrated, data.bound, strict=True)):
        left.plot(data.rows, found, "o-", ms=4, color=f"C{k}", label=f"{bins} bins")
        left.plot(data.rows, bound, "--", lw=1.0, color=f"C{k}")
    left.set(xscale="log", yscale="log", xlabel="rows", ylabel="mean ECE", title="a calibrated model")
    left.legend(fontsize=9)
    for k, (size, found) in enumerate(zip(data.sizes, data.found, strict=True)):
        right.plot(data.many, found, "o-", ms=4, color=f"C{k}", label=f"{size:,} rows")
    right.plot(data.many, data.exact, color="C2", label="no noise")
    right.axhline(data.truth, color="C5", lw=1.0, ls="--", label="no bins, no noise")
    right.set(xscale="log", xlabel="bins", title="a model that errs by turns", ylim=(0, None))
    right.legend(fontsize=9)
