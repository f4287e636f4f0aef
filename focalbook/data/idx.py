"""IDX files, the format of MNIST and its relatives: a header in big-endian numbers, then bytes."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from focalbook.data.errors import DataError

__all__ = ["read_idx"]

_UNSIGNED_BYTE = 0x08
_GZIP = b"\x1f\x8b"


def read_idx(path: Path, dimensions: int) -> NDArray[np.uint8]:
    """The array in an IDX file of unsigned bytes, plain or gzipped (told by its first bytes, not its name).

    Parameters
    ----------
    path : Path
    dimensions : int
        Expected number of axes.

    Returns
    -------
    uint8 array
        Read-only, in the memory of what was read.

    Raises
    ------
    DataError
        Not such a file: a damaged or truncated archive, another format, another number of axes, bytes missing
        or left over. The message names the file and what was expected.
    """
    data = _bytes(path)
    header = 4 + 4 * dimensions
    expected = f"an IDX file of unsigned bytes with {dimensions} axes"
    if len(data) < header or data[:2] != b"\0\0":
        raise DataError(f"{path}: no IDX header, expected {expected}: this is another file")
    if data[2] != _UNSIGNED_BYTE or data[3] != dimensions:
        raise DataError(f"{path}: IDX type 0x{data[2]:02x} with {data[3]} axes, expected {expected}")
    shape = struct.unpack(f">{dimensions}I", data[4:header])
    size = math.prod(shape)
    if len(data) - header != size:
        state = "truncated" if len(data) - header < size else "damaged"
        raise DataError(
            f"{path}: {len(data) - header:,} bytes behind the header, expected {size:,} for shape {shape}: "
            f"the file is {state}"
        )
    return np.frombuffer(data, dtype=np.uint8, offset=header).reshape(shape)


def _bytes(path: Path) -> bytes:
    raw = path.read_bytes()
    if not raw.startswith(_GZIP):
        return raw
    try:
        return gzip.decompress(raw)
    except (EOFError, OSError, zlib.error) as error:
        raise DataError(f"{path}: expected a whole gzip file, it is truncated or damaged: {error}") from error
