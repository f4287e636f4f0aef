"""Text of separated values, cut into blocks of whole records."""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from focalbook.io.base import open_binary
from focalbook.io.errors import DataFileError

__all__ = ["RecordBlocks", "fields_of", "is_number"]

_NUMBER = re.compile(
    r"\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf(?:inity)?)\s*", re.IGNORECASE | re.ASCII
)

#: A record longer than this is taken for an unclosed quote.
_LONGEST_RECORD = 2**28


def is_number(text: str) -> bool:
    """Whether a field of a table reads as a number (``nan`` and ``inf`` do)."""
    return _NUMBER.fullmatch(text) is not None


def fields_of(text: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records of a text with the line, from 1, on which each ends; empty lines are left out."""
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text.decode("utf-8", "surrogateescape"), newline=""), delimiter=delimiter)
    for record in reader:
        if record:
            yield reader.line_num, record


class RecordBlocks:
    """Reads separated values, gzipped or not, in blocks that end where a record ends.

    A line break inside a quoted field does not end a record: quotes come in pairs, so a record ends at a line
    break before which the count of quotes is even.

    Parameters
    ----------
    path
        The file; ``-`` is standard input. Gzip is recognised by its first bytes, not by the name.
    """

    def __init__(self, path: Path) -> None:
        self.label = "standard input" if str(path) == "-" else str(path)
        self._file = cast(io.BufferedReader, sys.stdin.buffer if str(path) == "-" else open_binary(path))
        self._owned = str(path) != "-"
        self._text: io.BufferedReader | gzip.GzipFile = self._file
        self._pending = b""
        self._taken = 0
        self.size = path.stat().st_size if self._owned and path.is_file() else None
        start = self._read(2**16)
        if start[:2] == b"\x1f\x8b":
            self._text = gzip.GzipFile(fileobj=_Joined(start, self._file))
            start = self._read(2**16)
        self._pending = start

    def _read(self, count: int) -> bytes:
        """``count`` bytes, fewer only at the end of the file.

        Asking for what there is, again and again, lets Python act on Ctrl-C while a pipe has nothing to read.
        """
        pieces = []
        try:
            while count and (piece := self._text.read1(count)):
                pieces.append(piece)
                count -= len(piece)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataFileError(f"{self.label}: the gzip data is damaged or truncated: {error}") from error
        return b"".join(pieces)

    def peek(self, count: int) -> bytes:
        """The next ``count`` bytes, or what there is, without taking them."""
        while len(self._pending) < count and (piece := self._read(count - len(self._pending))):
            self._pending += piece
        return self._pending[:count]

    def consumed(self) -> int:
        """Bytes of the file read since the last call (compressed bytes of a gzipped file)."""
        if self.size is None:
            return 0
        position = self._file.tell()
        step, self._taken = position - self._taken, position
        return step

    def blocks(self, block_bytes: int) -> Iterator[bytes]:
        """Blocks of whole records, about ``block_bytes`` long, or as long as one record."""
        rest, self._pending = self._pending, b""
        while True:
            piece = self._read(max(block_bytes - len(rest), block_bytes // 4, 1))
            if not piece:
                break
            rest += piece
            cut = _last_record_end(rest)
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > _LONGEST_RECORD:
                message = f"a line is longer than {_LONGEST_RECORD:,} bytes: is a quote unclosed?"
                raise DataFileError(f"{self.label}: {message}")
        if rest:
            yield rest

    def close(self) -> None:
        """Close the file, unless it is standard input."""
        if self._owned:
            self._file.close()


def _last_record_end(text: bytes) -> int:
    """Length of the longest prefix that ends with a line break outside quotes; 0 if there is none."""
    end = text.rfind(b"\n") + 1
    if not end:
        return 0
    quotes = text.count(b'"', 0, end)
    while end and quotes % 2:
        previous = text.rfind(b"\n", 0, end - 1) + 1
        quotes -= text.count(b'"', previous, end)
        end = previous
    return end


class _Joined(io.RawIOBase):
    """A first piece, already read, followed by the rest of a file."""

    def __init__(self, start: bytes, rest: io.BufferedReader) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._start:
            size = len(self._start) if size < 0 else size
            piece, self._start = self._start[:size], self._start[size:]
            return piece
        return self._rest.read1(size)
