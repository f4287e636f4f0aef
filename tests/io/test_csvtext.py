"""Columns as text; the oracle is Python's csv module."""

from __future__ import annotations

import csv
import io

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from focalbook.io.csvtext import joined, lines, one_array, quoted

FIELD = st.text(alphabet='ab,;"\n\r\té ', max_size=8)


@given(
    st.lists(st.tuples(FIELD, FIELD), min_size=0, max_size=20),
    st.sampled_from([",", ";", "\t", "|", "^", "]"]),
)
def test_fields_read_back(table: list[tuple[str, str]], delimiter: str) -> None:
    columns = [pa.array([row[j].encode() for row in table], pa.binary()) for j in range(2)]
    text = lines([quoted(column, delimiter) for column in columns], delimiter, b"\n").decode()
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert [tuple(record) for record in records] == table


def test_only_fields_that_need_it_are_quoted() -> None:
    column = pa.array([b"plain", b"with, comma", b'a "word"', b"", b"semi;colon"], pa.binary())
    assert quoted(column, ",").to_pylist() == [
        b"plain",
        b'"with, comma"',
        b'"a ""word"""',
        b"",
        b"semi;colon",
    ]


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=20))
def test_numbers_read_back_exactly(rows: list[list[float]]) -> None:
    """Oracle: Python's float."""
    for row, line in zip(rows, joined(np.array(rows), ",").to_pylist(), strict=True):
        assert [float(x) for x in line.split(b",")] == row


def test_pieces_are_put_together() -> None:
    column = pa.chunked_array([pa.array([b"a"], pa.binary()), pa.array([b"b"], pa.binary())])
    assert one_array(column).to_pylist() == [b"a", b"b"]
    assert lines([column.chunk(0)], ",", b"\r\n") == b"a\r\n"
    assert lines([column.chunk(0)[1:]], ",", b"\n") == b""
