"""Validation at the public boundary of :mod:`focalbook.theory`; inner loops trust their callers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]

#: How far the sum of a distribution may be from one before it is refused, by the precision it came in.
SUM_TOLERANCE = {"float64": 1e-6, "float32": 1e-4, "float16": 1e-2}


class Batch(NamedTuple):
    """A validated batch of distributions: rows of masses, and how to undo the reshaping."""

    rows: Float  # (n, k), C-contiguous unless a view was possible
    gamma: Float  # 0-d or (n,)
    shape: tuple[int, ...]  # batch shape, class axis removed
    axis: int  # where the class axis was

    def restore(self, rows: Float) -> Float:
        """Rows (n, k) back to the caller's shape."""
        full = rows.reshape((*self.shape, rows.shape[-1]))
        return np.moveaxis(full, -1, self.axis)

    def scalars(self, values: Float) -> Float:
        """One value per row back to the batch shape; a 0-d result becomes a NumPy scalar."""
        return values.reshape(self.shape)[()]


def as_real(x: ArrayLike, name: str) -> tuple[NDArray[np.floating], str]:
    """A float array of any precision and the name of the precision it came in."""
    array = np.asarray(x)
    if array.dtype.kind in "biu":
        raise ValueError(
            f"{name} is an array of {array.dtype}: probabilities are floats. Are these labels or counts? "
            f"Divide counts by their sum; write 1.0 and 0.0 for a one-hot row."
        )
    if array.dtype.kind != "f":
        raise ValueError(f"{name} has dtype {array.dtype}: expected real floating-point numbers.")
    return array, array.dtype.name


def check_gamma(gamma: ArrayLike) -> Float:
    """Gamma as float64, finite and at least zero."""
    try:
        g = np.asarray(gamma, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"gamma must be a number or an array of numbers, got {gamma!r}.") from error
    bad = ~(np.isfinite(g) & (g >= 0))
    if bad.any():
        raise ValueError(f"gamma must be finite and at least 0, got {g[bad].flat[0]}.")
    return g


def check_positive_gamma(gamma: ArrayLike) -> Float:
    """Gamma as float64, finite and above zero (where gamma = 0 has no answer)."""
    g = check_gamma(gamma)
    if (g == 0).any():
        raise ValueError("gamma must be above 0 here: at gamma = 0 the gain is 1 everywhere.")
    return g


def check_unit(q: ArrayLike, name: str = "q") -> Float:
    """Numbers in [0, 1] as float64, any shape."""
    try:
        array = np.asarray(q, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold numbers in [0, 1], got {type(q).__name__}.") from error
    bad = ~((array >= 0) & (array <= 1))
    if bad.any():
        raise ValueError(f"{name} must lie in [0, 1], got {array[bad].flat[0]}.")
    return array


def check_batch(p: ArrayLike, gamma: ArrayLike, axis: int, name: str = "p") -> Batch:
    """Distributions along `axis`, and gamma broadcast to their batch shape."""
    array, precision = as_real(p, name)
    if array.ndim == 0:
        raise ValueError(
            f"{name} is a single number: expected an array of distributions, shape (..., classes)."
        )
    if not isinstance(axis, int | np.integer) or not -array.ndim <= axis < array.ndim:
        raise ValueError(f"axis {axis!r} does not exist: {name} has {array.ndim} dimension(s).")
    axis = int(axis) % array.ndim
    if array.shape[axis] == 0:
        raise ValueError(f"{name} has no classes: shape {array.shape}, axis {axis} is empty.")
    moved = np.moveaxis(array, axis, -1)
    shape = moved.shape[:-1]
    rows = np.ascontiguousarray(moved, dtype=np.float64).reshape(-1, moved.shape[-1])
    _check_rows(rows, shape, name, SUM_TOLERANCE.get(precision, 1e-6))
    g = check_gamma(gamma)
    try:
        g = g if g.ndim == 0 else np.broadcast_to(g, shape).reshape(-1)
    except ValueError as error:
        raise ValueError(
            f"gamma of shape {g.shape} does not fit: expected a number or one gamma for each distribution, "
            f"shape {shape} ({name} without its class axis)."
        ) from error
    return Batch(rows, g, shape, axis)


def check_same_shape(p: Batch, q: Batch) -> None:
    """Two batches must have equal shapes."""
    if (p.rows.shape, p.shape, p.axis) != (q.rows.shape, q.shape, q.axis):
        raise ValueError(
            f"p and q must have the same shape, got {(*p.shape, p.rows.shape[1])} and "
            f"{(*q.shape, q.rows.shape[1])} (class axis last)."
        )


def _check_rows(rows: Float, shape: tuple[int, ...], name: str, tolerance: float) -> None:
    if rows.shape[0] == 0:
        return
    lowest = rows.min()
    with np.errstate(invalid="ignore", over="ignore"):
        total = rows.sum(axis=1)
        worst = np.abs(total - 1.0).max()
    if lowest >= 0 and worst <= tolerance:  # False for NaN as well
        return
    for test, what in (
        (np.isnan(rows), "is NaN: drop or repair the row first"),
        (np.isinf(rows), "is infinite: are these log-probabilities or logits? Apply softmax first"),
        (rows < 0, "is negative: are these logits or log-probabilities? Apply softmax first"),
    ):
        if test.any():
            row, col = np.argwhere(test)[0]
            raise ValueError(f"{name}: class {col} of {_place(row, shape)} {what} (value {rows[row, col]}).")
    row = int(np.argmax(np.abs(total - 1.0) > tolerance))
    raise ValueError(
        f"{name}: {_place(row, shape)} sums to {total[row]:.12g}, not to 1 (tolerance {tolerance:g}). "
        f"Is the class axis the right one? Divide by the sum if these are unnormalised masses."
    )


def _place(row: int, shape: tuple[int, ...]) -> str:
    if not shape:
        return "the distribution"
    index = np.unravel_index(int(row), shape)
    return f"row {int(row)}" if len(shape) == 1 else f"row {tuple(int(i) for i in index)}"
