"""Class posteriors for blocks of rows: the closed-form inverse of the focal-entropy minimiser, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from focalbook.io.base import Float
from focalbook.io.errors import DataFileError, RowError
from focalbook.theory.minimizer import recover, recover_logits

__all__ = ["Recovery", "Summary"]

#: Sums closer to one than this, times the number of classes, are left alone: it is the rounding of the sum.
_ROUNDING = 4 * float(np.finfo(np.float64).eps)


@dataclass
class Summary:
    """What was done to a file.

    Attributes
    ----------
    classes, rows : int
        Shape of the work.
    gamma, tolerance : float
        Focusing parameter; how far the sum of a row was allowed to be from one (0 for logits).
    kept : int
        Rows whose most probable class is the same before and after.
    rescaled : int
        Rows that were divided by their sum, and ``deviation``, the largest distance of such a sum from one.
    passed : list of str
        Columns or arrays that were copied as they are.
    """

    gamma: float
    tolerance: float
    classes: int
    rows: int = 0
    kept: int = 0
    rescaled: int = 0
    deviation: float = 0.0
    passed: list[str] = field(default_factory=list)
    _before: float = 0.0
    _after: float = 0.0

    @property
    def top_before(self) -> float:
        """Mean of the largest probability of a row, as given."""
        return self._before / max(self.rows, 1)

    @property
    def top_after(self) -> float:
        """Mean of the largest probability of a row, recovered."""
        return self._after / max(self.rows, 1)

    def add(self, top: NDArray[np.intp], before: Float, p: Float) -> None:
        """Count rows whose largest probability ``before`` was that of class ``top``, and posteriors ``p``."""
        after = p.max(axis=1)
        self.rows += len(p)
        self._before += float(before.sum())
        self._after += float(after.sum())
        self.kept += int((p[np.arange(len(p)), top] >= after).sum())


class Recovery:
    """Maps rows of probabilities or logits to class posteriors and keeps the `Summary`.

    Parameters
    ----------
    gamma
        Focusing parameter of the loss the model was trained with, finite and at least 0.
    classes
        Number of classes.
    weights
        Class weights of the loss, positive; None for none.
    logits
        Whether rows hold logits.
    tolerance
        How far the sum of a row may be from one, at least 0 and below 1; such a row is divided by its sum.

    suspect
        What to ask the user when a row sums to far more than one.

    Raises
    ------
    DataFileError
        If a parameter is out of range, or the number of weights is not the number of classes.
    """

    def __init__(
        self,
        gamma: float,
        classes: int,
        *,
        weights: Sequence[float] | None,
        logits: bool,
        tolerance: float,
        suspect: str = "",
    ) -> None:
        if not (np.isfinite(gamma) and gamma >= 0):
            raise DataFileError(f"gamma must be finite and at least 0, got {gamma:g}")
        if not (0 <= tolerance < 1):
            raise DataFileError(f"tolerance must be at least 0 and below 1, got {tolerance:g}")
        self.weights = None if weights is None else np.asarray(weights, dtype=np.float64)
        if self.weights is not None:
            if self.weights.shape != (classes,):
                raise DataFileError(
                    f"{self.weights.size} class weight(s) for {classes} classes: give one for each class, "
                    f"in the order of the classes"
                )
            if not (np.isfinite(self.weights) & (self.weights > 0)).all():
                bad = self.weights[~(np.isfinite(self.weights) & (self.weights > 0))][0]
                raise DataFileError(f"class weights must be positive and finite, got {bad:g}")
        self.logits = logits
        self._suspect = suspect
        self.summary = Summary(gamma=float(gamma), tolerance=0.0 if logits else tolerance, classes=classes)

    def __call__(self, values: Float) -> Float:
        """Posteriors of rows (n, k)."""
        _check_finite(values)
        top = values.argmax(axis=1)
        highest = values[np.arange(len(values)), top]
        if self.logits:
            with np.errstate(over="ignore"):  # differences beyond the largest float are minus infinity
                before = 1.0 / np.exp(values - highest[:, None]).sum(axis=1)
                p = recover_logits(values, self.summary.gamma, weights=self.weights)
        else:
            total = self._checked_sums(values)
            before = highest / total
            p = recover(values / total[:, None], self.summary.gamma, weights=self.weights)
        self.summary.add(top, before, p)
        return p

    def _checked_sums(self, values: Float) -> Float:
        """What each row (n, k) has to be divided by: its sum, or one where that is the sum up to rounding."""
        low = values < 0
        if low.any():
            row, column = np.argwhere(low)[0]
            message = f"negative probability {values[row, column]:.6g}: if these are logits, say --logits"
            raise RowError(int(row), message, int(column))
        with np.errstate(over="ignore"):
            total = values.sum(axis=1)
        off = np.abs(total - 1.0)
        limit = self.summary.tolerance
        if (off > limit).any():
            row = int(np.argmax(off > limit))
            raise RowError(row, _sum_message(float(total[row]), limit, self._suspect))
        rescale = off > _ROUNDING * values.shape[1]
        self.summary.rescaled += int(rescale.sum())
        self.summary.deviation = float(max(self.summary.deviation, off[rescale].max(initial=0.0)))
        return np.where(rescale, total, 1.0)


def _sum_message(total: float, limit: float, suspect: str) -> str:
    if abs(total - 100) < 1:
        remedy = "these look like percentages: divide them by 100"
    elif total > 1.5:
        remedy = f"{suspect}are these logits (--logits)?"
    else:
        remedy = "is a class missing? For numbers that were rounded, raise --tolerance"
    return f"the probabilities sum to {total:.9g}, not to 1 (tolerance {limit:.2g}): {remedy}"


def _check_finite(values: Float) -> None:
    bad = ~np.isfinite(values)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        value = values[row, column]
        what = "a missing value (NaN)" if np.isnan(value) else f"an infinite value ({value})"
        raise RowError(int(row), f"{what}: repair the row or leave it out", int(column))
