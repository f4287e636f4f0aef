"""How the rows of an NPY array lie in its file, read from the header alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from focalbook.io.base import SUM_TOLERANCE, check_classes
from focalbook.io.errors import DataFileError

__all__ = ["ArrayLayout", "read_header", "read_layout"]

_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


@dataclass(frozen=True)
class ArrayLayout:
    """How an array lies in its file: ``outer`` groups of ``classes`` runs of ``inner`` numbers.

    Attributes
    ----------
    header : bytes
        The header of the file, to be copied.
    dtype : numpy.dtype
        Precision and byte order.
    shape : tuple of int
        As the user sees it.
    fortran : bool
        Whether the first index runs fastest in the file.
    axis : int
        The class axis, from 0.
    """

    header: bytes
    dtype: np.dtype
    shape: tuple[int, ...]
    fortran: bool
    axis: int

    @property
    def _stored(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Dimensions before and after the class axis, in the order of the file."""
        if self.fortran:
            return self.shape[self.axis + 1 :][::-1], self.shape[: self.axis][::-1]
        return self.shape[: self.axis], self.shape[self.axis + 1 :]

    @property
    def outer(self) -> int:
        """Number of groups."""
        return math.prod(self._stored[0])

    @property
    def inner(self) -> int:
        """Length of a run: the distance between two classes of the same row."""
        return math.prod(self._stored[1])

    @property
    def classes(self) -> int:
        """Number of classes."""
        return self.shape[self.axis]

    @property
    def nbytes(self) -> int:
        """Bytes of the numbers."""
        return math.prod(self.shape) * self.dtype.itemsize

    def place(self, outer: int, inner: int) -> str:
        """The row a user finds at group ``outer``, position ``inner`` of the file."""
        before, after = self._stored
        index = [int(i) for i in np.unravel_index(outer, before)] if before else []
        index += [int(i) for i in np.unravel_index(inner, after)] if after else []
        if not index:
            return "the distribution"
        index = index[::-1] if self.fortran else index
        return f"row {index[0] if len(index) == 1 else tuple(index)} (counting from 0)"


def read_header(handle: BinaryIO, label: str) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, Fortran order and dtype of an NPY stream; its numbers follow.

    Raises
    ------
    DataFileError
        If this is no NPY stream.
    """
    try:
        version = np.lib.format.read_magic(handle)
        if version not in _READERS:
            raise ValueError(f"format version {version[0]}.{version[1]} is not known")
        shape, fortran, dtype = _READERS[version](handle)
    except (ValueError, EOFError, SyntaxError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise DataFileError(f"{label}: not an NPY array, or a damaged one: {reason}") from error
    return shape, fortran, dtype


def read_layout(handle: BinaryIO, label: str, axis: int | None) -> ArrayLayout:
    """Read the header of an NPY stream and check that it can hold probabilities.

    Raises
    ------
    DataFileError
        For a damaged header, numbers that are not real floats, and shapes without rows or classes.
    """
    start = _Recorder(handle)
    shape, fortran, dtype = read_header(start, label)  # type: ignore[arg-type]
    _check_dtype(dtype, label)
    if not shape:
        raise DataFileError(
            f"{label}: a single number (0-d array): expected an array of rows, shape (..., classes)"
        )
    axis = -1 if axis is None else axis
    if not -len(shape) <= axis < len(shape):
        raise DataFileError(f"{label}: there is no axis {axis}: the shape is {shape}")
    if 0 in shape:
        raise DataFileError(f"{label}: the array is empty, shape {shape}")
    layout = ArrayLayout(bytes(start.seen), dtype, shape, fortran, axis % len(shape))
    what = f"axis {axis} of shape {shape} has length 1"
    check_classes(layout.classes, label, what)
    return layout


def _check_dtype(dtype: np.dtype, label: str) -> None:
    if dtype.hasobject:
        raise DataFileError(
            f"{label}: an array of Python objects, which is never loaded: save it as float32 or float64"
        )
    if dtype.kind in "biu":
        raise DataFileError(
            f"{label}: an array of {dtype}: probabilities are floats. Are these labels or counts? "
            f"Convert one-hot rows with astype(float), divide counts by their sum"
        )
    if dtype.kind != "f" or dtype.itemsize not in SUM_TOLERANCE:
        raise DataFileError(f"{label}: an array of {dtype}: expected float16, float32 or float64")


class _Recorder:
    """Reads from a stream and keeps what was read."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self.seen = bytearray()

    def read(self, size: int) -> bytes:
        piece = self._handle.read(size)
        self.seen += piece
        return piece
