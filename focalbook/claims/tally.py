"""Collects comparisons into one `Check`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from focalbook.claims.core import Check

__all__ = ["Tally"]


class Tally:
    """Keeps the largest residual of a series of comparisons, and their number.

    Parameters
    ----------
    tolerance : float
        The largest residual that counts as agreement.
    domain : str
        Where the comparisons are made.
    """

    def __init__(self, tolerance: float, domain: str) -> None:
        self.tolerance, self.domain = tolerance, domain
        self.residual, self.count = 0.0, 0

    def _add(self, residuals: ArrayLike, within: float | None = None) -> None:
        values = np.asarray(residuals, dtype=float)
        if within is not None:
            values = values * (self.tolerance / within)
        self.count += values.size
        if values.size:
            worst = float(np.max(values)) if not np.isnan(values).any() else math.nan
            self.residual = worst if math.isnan(worst) or worst > self.residual else self.residual

    def equal(
        self, got: ArrayLike, want: ArrayLike, floor: ArrayLike = 0.0, within: float | None = None
    ) -> None:
        """Compare values: the residual is the difference relative to ``want`` (or to ``floor``, if larger).

        A comparison that is ``within`` another tolerance counts in proportion to the common one.
        """
        got, want = np.broadcast_arrays(np.asarray(got, float), np.asarray(want, float))
        with np.errstate(invalid="ignore", divide="ignore"):
            off = np.abs(got - want) / np.maximum(np.abs(want), floor)
        self._add(np.where(got == want, 0.0, np.where(np.isnan(off), np.inf, off)), within)

    def at_least(self, larger: ArrayLike, smaller: ArrayLike, floor: ArrayLike = 0.0) -> None:
        """Compare by an inequality: the residual is by how much it is broken, relative to the larger size."""
        larger, smaller = np.broadcast_arrays(np.asarray(larger, float), np.asarray(smaller, float))
        with np.errstate(invalid="ignore", divide="ignore"):
            size = np.maximum(np.maximum(np.abs(larger), np.abs(smaller)), floor)
            short = (smaller - larger) / size
        broken = np.where(np.isnan(short), np.inf, np.maximum(short, 0.0))
        self._add(np.where(larger >= smaller, 0.0, broken))

    def more_than(self, larger: ArrayLike, smaller: ArrayLike) -> None:
        """Compare by a strict inequality, without tolerance: the residual is infinite where it is broken."""
        self.holds(np.asarray(larger) > np.asarray(smaller))

    def holds(self, truths: ArrayLike) -> None:
        """Count statements that are true or false: the residual is infinite where one is false."""
        self._add(np.where(np.asarray(truths, dtype=bool), 0.0, np.inf))

    def done(self) -> Check:
        """The outcome."""
        return Check(self.residual, self.tolerance, self.count, self.domain)
