"""Probabilities in an NPY array of any number of dimensions, read and written without loading it."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np

from focalbook.io.base import (
    BLOCK_BYTES,
    SUM_TOLERANCE,
    Advance,
    Float,
    Kernel,
    Options,
    Source,
    open_binary,
    read_exactly,
)
from focalbook.io.errors import DataFileError
from focalbook.io.npylayout import ArrayLayout, read_layout

__all__ = ["NpySource", "describe", "transform_array"]


class NpySource(Source):
    """One array in an NPY file."""

    unit = "row"

    def __init__(self, path: Path, options: Options) -> None:
        if str(path) == "-":
            raise DataFileError("standard input is read as CSV only: give the name of an NPY file")
        self.label = str(path)
        self._file = open_binary(path)
        try:
            self._layout = read_layout(self._file, self.label, options.axis)
            self._check_size(path)
        except BaseException:
            self.close()
            raise
        describe(self, self._layout)

    def _check_size(self, path: Path) -> None:
        expected = len(self._layout.header) + self._layout.nbytes
        size = path.stat().st_size
        if size < expected:
            raise self.fail(f"the file ends {expected - size:,} bytes early: it is truncated, copy it again")
        if size > expected:
            raise self.fail(
                f"{size - expected:,} bytes follow the array: the file is damaged, or holds several arrays"
            )

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def transform(
        self, out: BinaryIO, kernel: Kernel, advance: Advance, block_bytes: int = BLOCK_BYTES
    ) -> None:
        """Write the array to ``out`` with its rows mapped by ``kernel``."""
        transform_array(self, self._layout, self._file, out, kernel, advance, block_bytes)


def describe(source: Source, layout: ArrayLayout) -> None:
    """Fill in what a source says of itself."""
    source.classes = layout.classes
    source.names = [f"class {i}" for i in range(layout.classes)]
    source.tolerance = SUM_TOLERANCE[layout.dtype.itemsize]
    source.passed = []
    source.suspect = "is another axis the class axis (--axis), or "
    source.total = layout.outer * layout.inner


def transform_array(
    source: Source,
    layout: ArrayLayout,
    read: BinaryIO,
    write: BinaryIO,
    kernel: Kernel,
    advance: Advance,
    block_bytes: int,
) -> None:
    """Map the numbers that follow the header in ``read`` and write header and result to ``write``.

    Rows that lie close together are read and written in order. Where a row is spread over more than a block
    (a class axis that runs slowly), both files must allow seeking.
    """
    write.write(layout.header)
    group = 8 * layout.classes * layout.inner
    if layout.inner == 1 or group <= block_bytes:
        _in_order(source, layout, read, write, kernel, advance, max(1, block_bytes // group))
    else:
        _by_columns(source, layout, read, write, kernel, advance, max(1, block_bytes // (8 * layout.classes)))


def _in_order(
    source: Source,
    layout: ArrayLayout,
    read: BinaryIO,
    write: BinaryIO,
    kernel: Kernel,
    advance: Advance,
    groups: int,
) -> None:
    k, inner = layout.classes, layout.inner
    for first in range(0, layout.outer, groups):
        count = min(groups, layout.outer - first)
        raw = read_exactly(read, count * k * inner * layout.dtype.itemsize, source.label)
        block = np.frombuffer(raw, layout.dtype).reshape(count, k, inner)
        rows = np.ascontiguousarray(block.swapaxes(1, 2), dtype=np.float64).reshape(-1, k)

        def place(row: int, first: int = first) -> str:
            return layout.place(first + row // inner, row % inner)

        result = source.apply(kernel, rows, place)
        write.write(_stored(result.reshape(count, inner, k).swapaxes(1, 2), layout.dtype))
        advance(len(rows))


def _by_columns(
    source: Source,
    layout: ArrayLayout,
    read: BinaryIO,
    write: BinaryIO,
    kernel: Kernel,
    advance: Advance,
    width: int,
) -> None:
    k, inner, size = layout.classes, layout.inner, layout.dtype.itemsize
    start, target = read.tell(), write.tell()
    for outer in range(layout.outer):
        for first in range(0, inner, width):
            count = min(width, inner - first)
            offsets = [((outer * k + j) * inner + first) * size for j in range(k)]
            rows = np.empty((count, k))
            for j, offset in enumerate(offsets):
                read.seek(start + offset)
                rows[:, j] = np.frombuffer(read_exactly(read, count * size, source.label), layout.dtype)

            def place(row: int, outer: int = outer, first: int = first) -> str:
                return layout.place(outer, first + row)

            result = source.apply(kernel, rows, place)
            for j, offset in enumerate(offsets):
                write.seek(target + offset)
                write.write(_stored(result[:, j], layout.dtype))
            advance(count)
    write.seek(0, 2)


def _stored(values: Float, dtype: np.dtype) -> bytes:
    with np.errstate(under="ignore"):
        return np.ascontiguousarray(values).astype(dtype).tobytes()
