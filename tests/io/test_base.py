"""What all formats share: reading exactly, classes, and errors that name their place."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pytest

from focalbook.io.base import Advance, Float, Kernel, Source, check_classes, open_binary, read_exactly
from focalbook.io.errors import DataFileError, RowError


class Drip(io.BytesIO):
    """A stream that gives one byte at a time, as a pipe may."""

    def read(self, size: int | None = -1) -> bytes:  # noqa: D102
        return super().read(1 if size else 0)


class Table(Source):
    """The least a format can be."""

    label, names = "t.csv", ["column 'a'", "column 'b'"]

    def transform(self, out: BinaryIO, kernel: Kernel, advance: Advance, block_bytes: int = 1) -> None:  # noqa: D102
        raise AssertionError

    def close(self) -> None:  # noqa: D102
        self.closed = True


def test_reading_exactly() -> None:
    assert read_exactly(cast(BinaryIO, Drip(b"abcdef")), 4, "x") == b"abcd"
    with pytest.raises(DataFileError, match="x: the file ends 2 bytes early"):
        read_exactly(cast(BinaryIO, Drip(b"abcd")), 6, "x")


def test_one_class_is_no_distribution() -> None:
    check_classes(2, "f", "two")
    with pytest.raises(DataFileError, match="f: one only, but a distribution needs at least two classes"):
        check_classes(1, "f", "one only")


def test_a_refused_row_is_named() -> None:
    def refuse(column: int | None) -> Kernel:
        def kernel(_: Float) -> Float:
            raise RowError(4, "too bad", column)

        return kernel

    with Table() as table:
        for column, message in ((None, "t.csv: row 4: too bad"), (1, "t.csv: row 4, column 'b': too bad")):
            with pytest.raises(DataFileError, match=message):
                table.apply(refuse(column), np.ones((5, 2)), lambda row: f"row {row}")
        np.testing.assert_array_equal(table.apply(lambda q: 2 * q, np.ones((1, 2)), str), [[2, 2]])
    assert table.closed


def test_files_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataFileError, match="there is no such file"):
        open_binary(tmp_path / "missing")
    with pytest.raises(DataFileError, match="is a folder"):
        open_binary(tmp_path)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataFileError, match="cannot be read: Permission denied"):
        open_binary(tmp_path / "x")
