"""Bootstrap of many sums at once: rows are put into random blocks, and blocks are drawn with replacement."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Blocks", "redrawn_labels"]

Float = NDArray[np.float64]

#: Largest number of blocks; up to as many rows every row is a block of its own and the bootstrap is exact.
MOST = 2_000
_NUMBERS = 40_000_000  # numbers held at a time, at most


class Blocks:
    """Rows in random blocks of nearly equal size.

    Blocks of independent rows are independent, so drawing blocks gives the sampling distribution of sums over
    rows; what is lost is that a variance is estimated from as many numbers as there are blocks.

    Attributes
    ----------
    of : int array, shape (n,)
        Block of each row.
    count : int
        Number of blocks.
    """

    def __init__(self, n: int, sums: int, rng: np.random.Generator) -> None:
        self.count = max(1, min(n, MOST, _NUMBERS // max(sums, 1)))
        self.of = rng.permutation(n) % self.count

    def sums(self, groups: NDArray[np.int64], count: int, values: Float | None = None) -> Float:
        """Sums of `values` (or numbers of rows) in each block and group, shape (blocks, groups)."""
        cell = self.of * count + groups
        found = np.bincount(cell, values, self.count * count)
        return found.reshape(self.count, count).astype(np.float64, copy=False)

    def times_drawn(self, resamples: int, rng: np.random.Generator) -> Float:
        """How often each block is drawn in each resample, shape (resamples, blocks)."""
        drawn = rng.integers(self.count, size=(resamples, self.count))
        drawn += self.count * np.arange(resamples)[:, None]
        counted = np.bincount(drawn.ravel(), minlength=resamples * self.count)
        return counted.reshape(resamples, self.count).astype(np.float64)


def redrawn_labels(probs: Float, rng: np.random.Generator) -> NDArray[np.int64]:
    """One label for each row, drawn from its prediction."""
    below = probs.cumsum(axis=1) < rng.random((len(probs), 1)) * probs.sum(axis=1, keepdims=True)
    return np.minimum(below.sum(axis=1), probs.shape[1] - 1)
