"""Rows that agree in every column share one cell: a million bits cost what their distinct cells cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Index = NDArray[np.int64]

#: Odd multipliers of the hash, one for each column in turn and for each round anew.
MULTIPLIERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
#: Rows looked at to decide whether collapsing pays.
SAMPLE = 1 << 15
ROUNDS = 8


def _hash(columns: list[NDArray[np.uint64]], turn: int, table_bits: int) -> Index:
    total = np.zeros(columns[0].size, np.uint64)
    for j, column in enumerate(columns):
        factor = np.uint64(MULTIPLIERS[(j + turn) % len(MULTIPLIERS)] ^ (2 * turn))
        total += column * factor
        total ^= total >> np.uint64(29)
    total *= np.uint64(MULTIPLIERS[turn % len(MULTIPLIERS)])
    return (total >> np.uint64(64 - table_bits)).astype(np.int64)


def _sorted_cells(columns: list[NDArray[np.uint64]]) -> tuple[Index, Index]:
    rows = np.stack(columns, axis=1)
    _, first, index = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, index.reshape(-1)


def _resolve(columns: list[NDArray[np.uint64]]) -> tuple[Index, Index]:
    """One representative row for each distinct row, and for every row the number of its representative."""
    size = columns[0].size
    table_bits = 16
    index = np.empty(size, np.int64)
    open_rows: Index | None = None  # None stands for all of them
    found: list[Index] = []
    number = 0
    for turn in range(ROUNDS):
        part = columns if open_rows is None else [column[open_rows] for column in columns]
        bucket = _hash(part, turn, table_bits)
        table = np.full(1 << table_bits, -1, np.int64)
        table[bucket] = np.arange(bucket.size)
        used = np.flatnonzero(table >= 0)
        owner = table[used]
        rank = np.empty(1 << table_bits, np.int64)
        rank[used] = np.arange(number, number + used.size)
        at = table[bucket]
        same = np.ones(bucket.size, bool)
        for column in part:
            same &= column[at] == column
        found.append(owner if open_rows is None else open_rows[owner])
        number += used.size
        if open_rows is None:
            index = rank[bucket]
            open_rows = np.flatnonzero(~same)
        else:
            index[open_rows[same]] = rank[bucket[same]]
            open_rows = open_rows[~same]
        if open_rows.size == 0:
            return np.concatenate(found), index
    assert open_rows is not None
    first, rest = _sorted_cells([column[open_rows] for column in columns])
    index[open_rows] = number + rest
    return np.concatenate([*found, open_rows[first]]), index


def collapse(columns: list[Float]) -> tuple[Index | None, Index | None]:
    """Distinct rows of equally long columns.

    Parameters
    ----------
    columns : list of ndarray of float64, shape (n,), contiguous
        The design, one array for each column.

    Returns
    -------
    first, index : ndarray of int64 or None
        ``columns[j][first]`` are the distinct rows and ``index`` says, for every row, which one it is. Both
        None when collapsing would not pay (most rows differ): every row is then a cell of its own.

    Notes
    -----
    Rows are hashed by their bits into a table, and every row is compared with the row that owns its bucket:
    the result is exact, a collision only sends the losing rows into another round.
    """
    size = columns[0].size
    whole = [(column + 0.0).view(np.uint64) for column in columns]  # -0.0 becomes 0.0
    stride = max(1, size // SAMPLE)
    sample = [column[::stride] for column in whole]
    first, index = _resolve(sample)
    if first.size > 0.5 * sample[0].size or size == 1:
        return None, None
    if stride > 1:
        first, index = _resolve(whole)
    return first, index
