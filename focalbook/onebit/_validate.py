"""Validation at the public boundary of :mod:`focalbook.onebit`; inner loops trust their callers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


class IdentifiabilityError(ValueError):
    """The design cannot tell some parameters apart, whatever the bits; the message names the direction."""


class ExistenceError(ValueError):
    """The likelihood of these bits has no maximum in the parameter space; the message says why."""


def vector(x: ArrayLike, name: str) -> Float:
    """One finite number for each row, as float64."""
    try:
        array = np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold real numbers, got {type(x).__name__}.") from error
    if array.ndim > 1:
        raise ValueError(f"{name} has shape {array.shape}: expected one number for each bit, shape (n,).")
    return array


def together(**columns: Float) -> list[Float]:
    """Columns of one length; single numbers are repeated."""
    sizes = {name: x.size for name, x in columns.items() if x.ndim == 1}
    if not sizes:
        columns = {name: x.reshape(1) for name, x in columns.items()}
        sizes = dict.fromkeys(columns, 1)
    length = max(sizes.values())
    if set(sizes.values()) != {length}:
        told = ", ".join(f"{name} has {size}" for name, size in sizes.items())
        raise ValueError(f"lengths differ: {told}. Expected one entry of each for every bit.")
    if length == 0:
        raise ValueError(f"{' and '.join(columns)} are empty: expected at least one bit.")
    return [np.ascontiguousarray(np.broadcast_to(x, (length,))) for x in columns.values()]


def check_cells(name: str, x: Float, good: Bool, expected: str, cause: str) -> None:
    """Refuse the first entry that is not `good`."""
    if not good.all():
        value = x[int(np.argmin(good))]
        why = "missing or infinite values must be dropped first" if not np.isfinite(value) else cause
        raise ValueError(f"{name} holds {value}: expected {expected}; {why}.")


def bits(b: ArrayLike, rows: int) -> NDArray[np.generic]:
    """Bits, one for each row: booleans or numbers 0 and 1."""
    array = np.asarray(b)
    if array.ndim != 1 or array.size != rows:
        raise ValueError(
            f"b has shape {array.shape} where the design has {rows} row(s): expected one bit for each. "
            f"For counts of ones use fit_counts(ones, trials)."
        )
    if array.dtype == np.bool_:
        return array
    if array.dtype.kind not in "iuf":
        raise ValueError(f"b has dtype {array.dtype}: expected bits, booleans or numbers 0 and 1.")
    good = (array == 0) | (array == 1)
    if not good.all():
        row = int(np.argmin(good))
        value = array[row]
        why = "missing bits must be dropped first" if np.isnan(value) else "a bit is 1 when X >= tau, else 0"
        raise ValueError(f"b[{row}] is {value}: expected 0 or 1; {why}.")
    return array


def counts(ones: ArrayLike, trials: ArrayLike, rows: int) -> tuple[Float, Float]:
    """Counts of ones of shape (..., rows) and trials that broadcast to it: whole numbers, ones <= trials."""
    k, n = np.asarray(ones, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    if k.ndim == 0 or k.shape[-1] != rows:
        raise ValueError(f"ones has shape {k.shape}: expected its last axis to have {rows}, one per row.")
    try:
        n = np.broadcast_to(n, k.shape)
    except ValueError as error:
        raise ValueError(f"trials of shape {n.shape} do not fit ones of shape {k.shape}.") from error
    for name, x in (("ones", k), ("trials", n)):
        bad = ~((x >= 0) & np.isfinite(x) & (x == np.floor(x)))
        if bad.any():
            raise ValueError(
                f"{name} holds {x[bad][0]}: expected whole numbers from 0 on (proportions must be "
                f"multiplied by their trials)."
            )
    if (k > n).any():
        at = int(np.argmax((k > n).ravel()))
        raise ValueError(f"ones {k.ravel()[at]:g} exceed trials {n.ravel()[at]:g} at entry {at}.")
    return k, n
