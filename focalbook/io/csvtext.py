"""Columns of a table as text of separated values, built a column at a time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from focalbook.io.base import Float

__all__ = ["joined", "lines", "one_array", "quoted"]


def joined(values: Float, delimiter: str) -> pa.Array:
    """Each row (n, k) as text with delimiters between, written with the digits that give it back exactly."""
    n, k = values.shape
    texts = pc.cast(pc.cast(pa.array(values.ravel()), pa.string()), pa.binary())
    rows = pa.ListArray.from_arrays(pa.array(np.arange(n + 1) * k, pa.int32()), texts)
    return pc.binary_join(rows, pa.scalar(delimiter.encode(), pa.binary()))


def one_array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def quoted(column: pa.Array, delimiter: str) -> pa.Array:
    """Fields with quotes around those that need them."""
    special = rf"[\"\r\n\x{ord(delimiter):02x}]"
    needed = pc.match_substring_regex(column, special)
    if not pc.any(needed).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    quote, empty = pa.scalar(b'"', pa.binary()), pa.scalar(b"", pa.binary())
    return pc.if_else(needed, pc.binary_join_element_wise(quote, doubled, quote, empty), column)


def lines(columns: list[pa.Array], delimiter: str, eol: bytes) -> bytes:
    """Records of the given fields (arrays of bytes), each with its line end."""
    empty, end = pa.scalar(b"", pa.binary()), pa.scalar(eol, pa.binary())
    ended = [*columns[:-1], pc.binary_join_element_wise(columns[-1], empty, end)]
    text = one_array(pc.binary_join_element_wise(*ended, pa.scalar(delimiter.encode(), pa.binary())))
    if not len(text):
        return b""
    # The values of an array of bytes lie one after the other in one buffer: the text itself.
    _, offsets, values = text.buffers()
    bounds = np.frombuffer(offsets, np.int32)
    return values[int(bounds[text.offset]) : int(bounds[text.offset + len(text)])].to_pybytes()
