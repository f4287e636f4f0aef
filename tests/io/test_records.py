"""Cutting text into blocks of whole records; the oracle is Python's csv module on the whole text."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.io.errors import DataFileError
from focalbook.io.records import RecordBlocks, fields_of, is_number

FIELD = st.text(alphabet='ab,"\n\r ;é', max_size=6)


@given(st.lists(st.lists(FIELD, min_size=2, max_size=3), min_size=1, max_size=12), st.integers(1, 60))
def test_blocks_hold_whole_records(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], size: int
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(table)
    path = tmp_path_factory.mktemp("records") / "t.csv"
    path.write_bytes(text.getvalue().encode())
    blocks = RecordBlocks(path)
    pieces = list(blocks.blocks(size))
    blocks.close()
    assert b"".join(pieces) == path.read_bytes()
    assert [record for piece in pieces for _, record in fields_of(piece, ",")] == table


@pytest.mark.parametrize("packed", [False, True])
def test_peek_takes_nothing(tmp_path: Path, packed: bool) -> None:
    text = b"".join(b"%d,%d\n" % (i, i) for i in range(50_000))
    path = tmp_path / "t"
    path.write_bytes(gzip.compress(text) if packed else text)
    blocks = RecordBlocks(path)
    assert blocks.peek(200_000) == text[:200_000]
    assert b"".join(blocks.blocks(1000)) == text
    assert blocks.consumed() == path.stat().st_size == blocks.size
    assert blocks.consumed() == 0
    blocks.close()


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_damaged_gzip(tmp_path: Path, damage: str) -> None:
    text = gzip.compress(b"".join(b"%d,%d\n" % (i * 7919, i) for i in range(50_000)))
    path = tmp_path / "t.csv.gz"
    path.write_bytes(text[: len(text) // 2] if damage == "cut" else text[:-8] + b"\0" * 8)
    blocks = RecordBlocks(path)
    with pytest.raises(DataFileError, match="gzip data is damaged or truncated"):
        list(blocks.blocks(1000))
    blocks.close()


def test_unclosed_quote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focalbook.io.records._LONGEST_RECORD", 1000)
    path = tmp_path / "t.csv"
    path.write_bytes(b'a,b\n1,"2\n' + b"3,4\n" * 20_000)
    blocks = RecordBlocks(path)
    with pytest.raises(DataFileError, match="is a quote unclosed"):
        list(blocks.blocks(100))
    blocks.close()


def test_numbers() -> None:
    """As Python reads them, but for underscores and digits of other scripts, which no table holds."""
    for text in ["1", "-1.5", ".5", "5.", "1e-7", " 0.25 ", "nan", "NaN", "inf", "-Infinity", "1E5"]:
        assert is_number(text), text
    for text in ["", " ", "a", "1_0", "1,5", "0x1", "1e", "--1", "1 2", "٣"]:
        assert not is_number(text), text
