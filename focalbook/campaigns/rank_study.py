"""Rank correlations of a few runs: within seeds with exact permutation tests, and given a third quantity.

Runs of one seed share their first weights and the order of their images, and gamma is set, not drawn. So a
correlation is computed within each seed, and its chance level comes from exchanging the values within seeds.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from focalbook.calibration import Estimate
from focalbook.campaigns.measures import over_seeds

__all__ = ["RankCorrelation", "partial_rank_correlation", "rank_correlation", "spearman"]

Float = NDArray[np.float64]
_ENUMERATED = 7  # points up to which all permutations are tried: 5,040
_DRAWN = 20_000
_FIELLER = 1.06  # variance of Fisher's z of a rank correlation, times n - 3


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rank correlation within each of several rows, seeds say.

    Attributes
    ----------
    mean : Estimate
        Over rows, with Student's interval cut off at -1 and 1; NaN ends for one row, NaN for none.
    rows : tuple of float
        Of each row that has one.
    points : int
        Pairs of values behind all of them.
    p : float
        Two-sided: the chance of a mean at least as far from zero if the values within each row were exchanged
        at random. Exact up to seven points a row. NaN where there is no row.
    """

    mean: Estimate
    rows: tuple[float, ...]
    points: int
    p: float

    @property
    def coverage(self) -> float:
        """Probability with which the smallest and the largest of the rows enclose the median over seeds."""
        return 1.0 - 2.0 ** (1 - len(self.rows)) if self.rows else 0.0

    def __str__(self) -> str:
        if not self.rows:
            return "undefined"
        if len(self.rows) == 1:
            return f"{self.mean.value:+.2f} in one seed (p = {_short(self.p)})"
        if len(set(np.round(self.rows, 12))) == 1:
            return f"{self.mean.value:+.2f} in each of {len(self.rows)} seeds (p = {_short(self.p)})"
        return f"{self.mean.value:+.2f} [{self.mean.low:+.2f}, {self.mean.high:+.2f}] (p = {_short(self.p)})"


def _short(p: float) -> str:
    return f"{p:.3f}" if p >= 0.001 else f"{p:.0e}"


def spearman(x: Float, y: Float) -> float:
    """Rank correlation of two sequences, ties shared; NaN where one is constant or fewer than three pairs."""
    if len(x) < 3:
        return math.nan
    a, b = rankdata(x), rankdata(y)
    a, b = a - a.mean(), b - b.mean()
    size = math.sqrt((a @ a) * (b @ b))
    return float(np.clip((a @ b) / size, -1.0, 1.0)) if size > 0 else math.nan


def _chance(x: Float, y: Float) -> tuple[Float, Float]:
    """Values of the rank correlation when y is exchanged at random, and their probabilities."""
    a, b = rankdata(x), rankdata(y)
    a, b = a - a.mean(), b - b.mean()
    n = len(a)
    if n <= _ENUMERATED:
        orders = np.array(list(itertools.permutations(range(n))))
    else:
        rng = np.random.default_rng(0)
        orders = np.concatenate([[np.arange(n)], rng.permuted(np.tile(np.arange(n), (_DRAWN, 1)), axis=1)])
    found = np.round(b[orders] @ a / math.sqrt((a @ a) * (b @ b)), 9)
    values, counts = np.unique(found, return_counts=True)
    return values, np.asarray(counts / counts.sum(), dtype=np.float64)


def _sum(one: tuple[Float, Float], other: tuple[Float, Float]) -> tuple[Float, Float]:
    """Distribution of the sum of two independent discrete quantities."""
    values = np.round(one[0][:, None] + other[0], 8).ravel()
    distinct, place = np.unique(values, return_inverse=True)
    weights = np.bincount(place, (one[1][:, None] * other[1]).ravel())
    return distinct, weights.astype(np.float64)


def rank_correlation(x: Float, y: Float) -> RankCorrelation:
    """Rank correlation within rows.

    Parameters
    ----------
    x, y : arrays, shape (rows, n)
        NaN where a value is missing: the pair is left out then. Rows with fewer than three pairs, or with a
        constant, have no rank correlation.

    Returns
    -------
    RankCorrelation

    Raises
    ------
    ValueError
        Shapes that differ.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.shape != y.shape or x.ndim != 2:
        raise ValueError(f"x and y must be tables of one shape, (rows, n), got {x.shape} and {y.shape}.")
    rows: list[float] = []
    points, chance = 0, (np.zeros(1), np.ones(1))
    for a, b in zip(x, y, strict=True):
        both = np.isfinite(a) & np.isfinite(b)
        rho = spearman(a[both], b[both])
        if math.isnan(rho):
            continue
        rows.append(rho)
        points += int(both.sum())
        chance = _sum(chance, _chance(a[both], b[both]))
    if not rows:
        return RankCorrelation(Estimate(math.nan, math.nan, math.nan, 0), (), 0, math.nan)
    mean = over_seeds(rows)
    cut = Estimate(mean.value, max(mean.low, -1.0), min(mean.high, 1.0), mean.n, mean.level)
    if math.isnan(mean.low):
        cut = mean
    far = np.abs(chance[0]) >= abs(sum(rows)) - 1e-6
    return RankCorrelation(cut, tuple(rows), points, float(min(chance[1][far].sum(), 1.0)))


def partial_rank_correlation(x: Float, y: Float, given: Float) -> Estimate:
    """Rank correlation of x and y over all runs, with that part taken out which both owe to a third quantity.

    Parameters
    ----------
    x, y, given : arrays of one shape
        NaN where a value is missing.

    Returns
    -------
    Estimate
        With the interval of Fisher's z and Fieller's variance 1.06 / (n - 4), which takes the runs for
        independent: runs of one seed are not quite, so it is an orientation. NaN where `given` orders the
        runs exactly as x or y does, or for fewer than six runs.
    """
    arrays = [np.ravel(np.asarray(v, float)) for v in (x, y, given)]
    if len({v.shape for v in arrays}) != 1:
        raise ValueError(f"x, y and given must have one shape, got {[v.shape for v in arrays]}.")
    whole = np.isfinite(arrays).all(axis=0)
    a, b, c = (v[whole] for v in arrays)
    n = int(whole.sum())
    xy, xz, yz = spearman(a, b), spearman(a, c), spearman(b, c)
    left = (1 - xz**2) * (1 - yz**2)
    if n < 6 or not left > 1e-12:
        return Estimate(math.nan, math.nan, math.nan, n)
    value = float(np.clip((xy - xz * yz) / math.sqrt(left), -1.0, 1.0))
    half = 1.959963984540054 * math.sqrt(_FIELLER / (n - 4))
    z = math.atanh(min(max(value, -1 + 1e-12), 1 - 1e-12))
    return Estimate(value, math.tanh(z - half), math.tanh(z + half), n)
