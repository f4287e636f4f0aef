"""Probabilities in a table of separated values: some columns are classes, the others are passed through."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv

from focalbook.io.base import BLOCK_BYTES, Advance, Float, Kernel, Options, Source, check_classes
from focalbook.io.columns import choose_columns, shown
from focalbook.io.csvtext import joined, lines, one_array, quoted
from focalbook.io.decimals import text_tolerance
from focalbook.io.errors import DataFileError
from focalbook.io.records import RecordBlocks, fields_of, is_number

__all__ = ["CsvSource"]

_SAMPLE = 2**20
_MARK = b"\xef\xbb\xbf"


class CsvSource(Source):
    """A CSV file, read and written as text but for its class columns.

    Other columns keep their text, whatever its encoding; quotes are written only where they are needed.
    Numbers are written with as many digits as it takes to read the same float64 back.
    """

    unit = "B"

    def __init__(self, path: Path, options: Options) -> None:
        self._records = RecordBlocks(path)
        self.label = self._records.label
        self.total = self._records.size
        try:
            self._open(path, options)
        except BaseException:
            self.close()
            raise

    def _open(self, path: Path, options: Options) -> None:
        tabs = path.name.lower().endswith((".tsv", ".tsv.gz"))
        self._delimiter = _delimiter(options.delimiter, self.label) or ("\t" if tabs else ",")
        sample = self._sample()
        first = next(fields_of(sample.removeprefix(_MARK), self._delimiter), (0, []))[1]
        if not first:
            raise self.fail("the file is empty")
        self._has_header = _first_is_header(first, self.label) if options.header is None else options.header
        self._header = first if self._has_header else [""] * len(first)
        # A column without a name beside columns that have one is the row index as pandas writes it.
        index = [0] if self._has_header and not first[0] and any(first) else []
        self._chosen = choose_columns(self._header, options, self.label, automatic=index)
        if len(first) == 1:
            self._suggest_delimiter(first[0])
        what = (
            f"there is one column of probabilities ({self._name(self._chosen[0])})"
            if self._chosen
            else "no column is left"
        )
        check_classes(len(self._chosen), self.label, what)
        self.classes = len(self._chosen)
        self.names = [self._name(i) for i in self._chosen]
        chosen = set(self._chosen)
        self.passed = [self._name(i) for i in range(len(first)) if i not in chosen]
        self._learn(sample, automatic=options.columns is None)
        self._header_due = self._has_header
        self._eol = b"\r\n" if sample.split(b"\n", 1)[0].endswith(b"\r") else b"\n"

    def _sample(self) -> bytes:
        """The start of the file: two lines or more, if it has them."""
        sample = self._records.peek(_SAMPLE)
        if b"\0" in sample[:4096]:
            raise self.fail("this is not text in UTF-8 or a similar encoding: save it as CSV in UTF-8")
        while sample.count(b"\n") < 2 and len(wider := self._records.peek(2 * len(sample) + 1)) > len(sample):
            sample = wider
        return sample

    def _name(self, index: int) -> str:
        return shown(self._header[index], index)

    def _suggest_delimiter(self, line: str) -> None:
        for mark, name in ((";", "';'"), ("\t", "tab"), (",", "','"), (" ", "' '")):
            if mark in line.strip():
                raise self.fail(
                    f"there is only one column: if fields are separated otherwise, say --delimiter {name}"
                )

    def _learn(self, sample: bytes, automatic: bool) -> None:
        """What the first rows tell: how exactly numbers are written, and columns that look like labels."""
        records = [record for _, record in fields_of(sample, self._delimiter)][self._has_header :]
        if records:
            records[-1] = records[-1][:-1]  # the sample may have cut it
        columns = [[r[i].encode(errors="ignore") for r in records if i < len(r)] for i in self._chosen]
        self.tolerance = text_tolerance((field for column in columns for field in column), self.classes)
        whole = [
            bool(column) and all(f.strip().lstrip(b"+-").isdigit() for f in column) for column in columns
        ]
        if automatic and not all(whole):
            self.doubtful = [name for name, is_whole in zip(self.names, whole, strict=True) if is_whole]

    def close(self) -> None:
        """Release the file."""
        self._records.close()

    def transform(
        self, out: BinaryIO, kernel: Kernel, advance: Advance, block_bytes: int = BLOCK_BYTES
    ) -> None:
        """Write the table to ``out`` with its class columns mapped by ``kernel``."""
        self._row, self._line = 1, 1  # of the first record after the header, and of the block at hand
        started = False
        for block in self._records.blocks(block_bytes):
            text = block
            if not started:
                text = block.removeprefix(_MARK).lstrip(b"\r\n")
                started = bool(text)
                self._line += block.count(b"\n") - text.count(b"\n")
                if started and self._has_header:
                    out.write((_MARK if block.startswith(_MARK) else b"") + self._header_text())
            if text.strip(b"\r\n"):
                self._transform_block(text, out, kernel)
            self._line += text.count(b"\n")
            advance(self._records.consumed())

    def _transform_block(self, block: bytes, out: BinaryIO, kernel: Kernel) -> None:
        skip = int(self._header_due)  # records of the block that hold names
        self._header_due = False
        table = self._parse(block, skip)
        values = np.column_stack([table.column(i).to_numpy() for i in self._chosen])

        def place(index: int) -> str:
            ends = [end for end, _ in fields_of(block, self._delimiter)]
            return self._place(index, ends[index + skip])

        if len(values):
            out.write(self._format(table, self.apply(kernel, values, place)))
        self._row += len(values)

    def _place(self, index: int, end: int) -> str:
        """The row with this index in the block, which ends on line ``end`` of the block."""
        return f"row {self._row + index} (line {self._line - 1 + end})"

    def _header_text(self) -> bytes:
        columns = [pa.array([name.encode("utf-8", "surrogateescape")], pa.binary()) for name in self._header]
        return lines([quoted(column, self._delimiter) for column in columns], self._delimiter, self._eol)

    def _parse(self, block: bytes, skip: int) -> pa.Table:
        names = [str(i) for i in range(len(self._header))]
        chosen = set(self._chosen)
        types = {name: pa.float64() if i in chosen else pa.binary() for i, name in enumerate(names)}
        try:
            # As one block, so that line breaks inside quotes cannot fall between two.
            table = pa.csv.read_csv(
                pa.BufferReader(block),
                pa.csv.ReadOptions(column_names=names, block_size=len(block) + 1, skip_rows_after_names=skip),
                pa.csv.ParseOptions(delimiter=self._delimiter),
                pa.csv.ConvertOptions(column_types=types, null_values=[], strings_can_be_null=False),
            )
        except pa.ArrowInvalid as error:
            reason = str(error).splitlines()[0]
            raise self._diagnosed(block, skip) or self.fail(reason) from error
        return table.combine_chunks()

    def _diagnosed(self, block: bytes, skip: int) -> DataFileError | None:
        """What is wrong with a block that could not be read."""
        for number, (end, record) in enumerate(fields_of(block, self._delimiter)):
            if number < skip:
                continue
            where = self._place(number - skip, end)
            if len(record) != len(self._header):
                counts = (
                    f"has {len(record)} field(s), {'the header' if self._has_header else 'the first row'}"
                )
                return self.fail(f"{where} {counts} has {len(self._header)}: is it cut off?")
            for column in self._chosen:
                if not is_number(record[column]):
                    return self._not_a_number(where, column, record, self._row + number - skip)
        return None

    def _not_a_number(self, where: str, column: int, record: list[str], row: int) -> DataFileError:
        name, text = self._name(column), record[column]
        if not text.strip():
            return self.fail(f"{where}, {name}: the field is empty: repair the row or leave it out")
        text = text if len(text) <= 40 else text[:40] + "..."
        if row > 1:
            return self.fail(f"{where}, {name}: {text!r} is not a number")
        texts = [i for i in self._chosen if not is_number(record[i])]
        others = ",".join(self._header[i] or str(i + 1) for i in texts)
        return self.fail(
            f"{name} holds text ({text!r}): pass it through with --id-columns {others}, "
            f"or choose the class columns with --columns"
        )

    def _format(self, table: pa.Table, values: Float) -> Any:
        """The text of the table with ``values`` in its class columns."""
        position = {column: j for j, column in enumerate(self._chosen)}
        columns = []
        for is_class, run in groupby(range(table.num_columns), position.__contains__):
            if is_class:
                columns.append(joined(values[:, [position[i] for i in run]], self._delimiter))
            else:
                columns += [quoted(one_array(table.column(i)), self._delimiter) for i in run]
        return lines(columns, self._delimiter, self._eol)


def _delimiter(choice: str | None, label: str) -> str | None:
    if choice is None:
        return None
    choice = {"tab": "\t", "\\t": "\t"}.get(choice, choice)
    if len(choice) != 1 or not choice.isascii() or choice in '"\r\n':
        raise DataFileError(f"{label}: the delimiter must be one character or 'tab', got {choice!r}")
    return choice


def _first_is_header(first: list[str], label: str) -> bool:
    """Whether a first line holds names: it does unless every field is a number.

    pandas calls columns 0, 1, 2, ... where they have no other name; that is a header too.
    """
    if not all(is_number(field) for field in first):
        return True
    counts = [list(map(str, range(start, start + len(first)))) for start in (0, 1)]
    if first not in counts:
        return False
    if first == ["0", "1"]:
        raise DataFileError(
            f"{label}: the first line, 0{','}1, may be names or probabilities: say --header or --no-header"
        )
    return True
