"""Probabilities in the columns of a Parquet file, or in one column of lists, by row groups."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from focalbook.io.base import (
    BLOCK_BYTES,
    SUM_TOLERANCE,
    Advance,
    Float,
    Kernel,
    Options,
    Source,
    check_classes,
    open_binary,
)
from focalbook.io.columns import choose_columns
from focalbook.io.errors import DataFileError

__all__ = ["ParquetSource"]

_ITEM_BYTES = {pa.float16(): 2, pa.float32(): 4, pa.float64(): 8}


class ParquetSource(Source):
    """A Parquet file whose class values are one column per class or one column of lists of equal length.

    Schema, metadata, compression and the other columns are kept; row groups larger than a block are split.
    """

    unit = "row"

    def __init__(self, path: Path, options: Options) -> None:
        if str(path) == "-":
            raise DataFileError("standard input is read as CSV only: give the name of a Parquet file")
        self.label = str(path)
        self._handle = open_binary(path)
        try:
            with self._damage():
                # Without pre_buffer and with a small buffer pages are read when their turn comes.
                self._file = pq.ParquetFile(self._handle, pre_buffer=False, buffer_size=2**16)
                self._schema = self._file.schema_arrow
            self._columns: list[str] = self._schema.names  # a property that is slow for wide tables
            self._types: list[pa.DataType] = self._schema.types
            self.total = self._file.metadata.num_rows
            if not self.total:
                raise self.fail("there are no rows in it")
            self._chosen = choose_columns(self._columns, options, self.label, automatic=self._pandas_index())
            self._describe()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _damage(self) -> Iterator[None]:
        try:
            yield
        except pa.ArrowInvalid as error:
            raise self.fail(f"not a Parquet file, or a damaged one: {_first_line(error)}") from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise self.fail(f"the Parquet file is damaged: {_first_line(error)}") from error

    def _pandas_index(self) -> list[int]:
        """Columns that pandas wrote as the row index."""
        index = (self._schema.pandas_metadata or {}).get("index_columns", [])
        return [i for i, name in enumerate(self._columns) if name in index]

    def _describe(self) -> None:
        names = self._columns
        self._list = len(self._chosen) == 1 and _is_list(self._types[self._chosen[0]])
        kinds = []
        for i in self._chosen:
            kind = self._types[i].value_type if self._list else self._types[i]
            if kind not in _ITEM_BYTES:
                raise self.fail(
                    f"column {names[i]!r} holds {kind}, not floats: pass it through with "
                    f"--id-columns {names[i]}, or choose the class columns with --columns"
                )
            kinds.append(kind)
        self.classes = self._list_length() if self._list else len(self._chosen)
        what = (
            f"there is one column of probabilities ({names[self._chosen[0]]!r})"
            if self._chosen
            else "no column is left"
        )
        check_classes(self.classes, self.label, what)
        first = names[self._chosen[0]]
        self.names = (
            [f"column {first!r}, class {j} (counting from 0)" for j in range(self.classes)]
            if self._list
            else [f"column {names[i]!r}" for i in self._chosen]
        )
        chosen = set(self._chosen)
        self.passed = [f"column {name!r}" for i, name in enumerate(names) if i not in chosen]
        self.tolerance = max(SUM_TOLERANCE[_ITEM_BYTES[kind]] for kind in kinds)

    def _list_length(self) -> int:
        name = self._columns[self._chosen[0]]
        with self._damage():
            batch = next(self._file.iter_batches(batch_size=1, columns=[name]))
        length = pc.list_value_length(batch.column(0))[0].as_py()
        if length is None:
            raise self.fail(
                f"row 1 (counting from 1), column {name!r}: a missing value: repair the row or leave it out"
            )
        return int(length)

    def close(self) -> None:
        """Release the file."""
        self._handle.close()

    def transform(
        self, out: BinaryIO, kernel: Kernel, advance: Advance, block_bytes: int = BLOCK_BYTES
    ) -> None:
        """Write the table to ``out`` with its class columns mapped by ``kernel``."""
        rows = max(1, block_bytes // (8 * self.classes))
        done = 0
        writer = pq.ParquetWriter(out, self._schema, **self._writing())
        try:
            for batch in self._batches(rows):

                def place(row: int, done: int = done) -> str:
                    return f"row {done + row + 1} (counting from 1)"

                result = self.apply(kernel, self._values(batch, place), place)
                writer.write_table(pa.Table.from_batches([self._replaced(batch, result)]))
                done += batch.num_rows
                advance(batch.num_rows)
        except BaseException:
            writer.is_open = False  # leave no footer: the output is thrown away
            raise
        writer.close()

    def _batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        for group in range(self._file.num_row_groups):
            batches = self._file.iter_batches(batch_size=rows, row_groups=[group], use_threads=False)
            while True:
                with self._damage():
                    batch = next(batches, None)
                if batch is None:
                    break
                if batch.num_rows:
                    yield batch

    def _writing(self) -> dict[str, Any]:
        codec = self._file.metadata.row_group(0).column(0).compression.lower()
        chosen = {self._columns[i] for i in self._chosen}
        others = [name for name in self._columns if name not in chosen]
        return {
            "compression": "none" if codec == "uncompressed" else codec,
            "use_dictionary": others or False,
        }

    def _values(self, batch: pa.RecordBatch, place: Any) -> Float:
        arrays = [batch.column(i) for i in self._chosen]
        for array, i in zip(arrays, self._chosen, strict=True):
            if array.null_count:
                row = int(np.argmax(array.is_null().to_numpy(zero_copy_only=False)))
                name = self._columns[i]
                raise self.fail(
                    f"{place(row)}, column {name!r}: a missing value: repair the row or leave it out"
                )
        if not self._list:
            return np.column_stack([a.to_numpy(zero_copy_only=False).astype(np.float64) for a in arrays])
        lengths = pc.list_value_length(arrays[0]).to_numpy()
        if (lengths != self.classes).any():
            row = int(np.argmax(lengths != self.classes))
            raise self.fail(
                f"{place(row)} has {lengths[row]} probabilities, the first row has {self.classes}"
            )
        flat = arrays[0].flatten()
        if flat.null_count:
            row = int(np.argmax(flat.is_null().to_numpy(zero_copy_only=False))) // self.classes
            raise self.fail(f"{place(row)}: a missing value: repair the row or leave it out")
        return flat.to_numpy(zero_copy_only=False).astype(np.float64).reshape(-1, self.classes)

    def _replaced(self, batch: pa.RecordBatch, values: Float) -> pa.RecordBatch:
        arrays = list(batch.columns)
        if self._list:
            i = self._chosen[0]
            kind = self._types[i]
            flat = _as_type(values.ravel(), kind.value_type)
            offsets = pa.array(np.arange(len(values) + 1) * self.classes, pa.int32())
            arrays[i] = pa.ListArray.from_arrays(offsets, flat).cast(kind)
        else:
            for j, i in enumerate(self._chosen):
                arrays[i] = _as_type(np.ascontiguousarray(values[:, j]), self._types[i])
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)


def _is_list(kind: pa.DataType) -> bool:
    return pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)


def _as_type(values: Float, kind: pa.DataType) -> pa.Array:
    with np.errstate(under="ignore"):
        return pa.array(values.astype(f"f{_ITEM_BYTES[kind]}"), kind)


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
