"""Figure: log-likelihoods of three small data sets, of which one has a maximum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit import Gaussian

__all__ = ["CASES", "Data", "data", "draw"]

Float = NDArray[np.float64]

#: Title and ones among ten bits at each of the thresholds -1, 0, 1.
CASES = (("overlap, falling", (9, 6, 3)), ("separated", (10, 10, 0)), ("overlap, rising", (3, 5, 7)))
THRESHOLDS = (-1.0, 0.0, 1.0)


@dataclass(frozen=True)
class Data:
    """Surfaces over mean and deviation.

    Attributes
    ----------
    titles : tuple of str
    mean, deviation : ndarray, shape (m,), (n,)
    deficit : ndarray, shape (cases, n, m)
        Supremum of the log-likelihood minus its value, in nats.
    estimate : ndarray, shape (cases, 2)
        The maximum, NaN where there is none.
    """

    titles: tuple[str, ...]
    mean: Float
    deviation: Float
    deficit: Float
    estimate: Float


def data(cases: tuple[tuple[str, tuple[int, ...]], ...] = CASES, trials: int = 10, points: int = 121) -> Data:
    """Compute the surfaces.

    Parameters
    ----------
    cases
        Title and ones at each of the thresholds -1, 0, 1.
    trials
        Bits at each threshold.
    points
        Grid points in each direction.

    Raises
    ------
    ValueError
        Ones that are no counts of `trials`.
    """
    model = Gaussian(1.0, np.array(THRESHOLDS))
    mean, deviation = np.linspace(-2.5, 2.5, points), np.logspace(-1.3, 1.7, points)
    grid = np.stack(np.meshgrid(mean, deviation), axis=-1)
    counts = np.array([ones for _, ones in cases], float)
    fits = model.fit_batch(counts, trials)
    wide = np.stack(np.meshgrid(np.linspace(-2.5, 2.5, 41), np.logspace(-4, 6, 41)), axis=-1)
    deficit = []
    for ones, best in zip(counts, fits.log_likelihood, strict=True):
        far = model.log_likelihood(wide, *_spread(ones, trials, wide.shape[:2])).max()
        flat = model.log_likelihood(grid, *_spread(ones, trials, grid.shape[:2]))
        share = ones.sum() / (trials * len(ones))
        level = trials * len(ones) * (share * np.log(share) + (1 - share) * np.log1p(-share))  # s to infinity
        top = best if np.isfinite(best) else max(float(far), float(level))
        deficit.append(top - flat)
    return Data(tuple(title for title, _ in cases), mean, deviation, np.array(deficit), fits.estimate)


def _spread(ones: Float, trials: int, shape: tuple[int, ...]) -> tuple[Float, Float]:
    return np.broadcast_to(ones, (*shape, len(ones))), np.full((*shape, len(ones)), float(trials))


def draw(data: Data, axes: Any) -> None:
    """Draw one surface on each of the axes."""
    levels = (0.0, 0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
    for ax, title, deficit, estimate in zip(axes, data.titles, data.deficit, data.estimate, strict=True):
        shade = ax.contourf(
            data.mean, data.deviation, np.maximum(deficit, 0.0), levels, cmap="viridis_r", extend="max"
        )
        shade.set_edgecolor("face")
        if np.isfinite(estimate).all():
            ax.plot(*estimate, marker="s", color="white", markeredgecolor="black", ms=7, ls="none")
        ax.set(yscale="log", xlabel="mean a", title=title)
    axes[0].set_ylabel("deviation s")
    for ax in axes[1:]:
        ax.tick_params(labelleft=False)
    bar = axes[0].figure.colorbar(shade, ax=list(axes), shrink=0.9, label="below the supremum, nats")
    bar.set_ticks([0.1, 0.5, 1, 2, 3, 5, 10])
    bar.ax.set_yticklabels(["0.1", "0.5", "1", "2", "3", "5", "10"])
