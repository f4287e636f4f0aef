"""Probabilities in one array of an NPZ archive; its other members are copied as they are."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from focalbook.io.base import BLOCK_BYTES, Advance, Kernel, Options, Source, open_binary
from focalbook.io.errors import DataFileError
from focalbook.io.npyfile import describe, transform_array
from focalbook.io.npylayout import ArrayLayout, read_header, read_layout

__all__ = ["NpzSource"]

_COPY_BYTES = 2**20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class NpzSource(Source):
    """One array of an NPZ archive, streamed out of it and into the new one.

    Members keep their order, names and compression. If no array is named, the archive must hold exactly one
    array of floats with two dimensions or more.
    """

    unit = "row"

    def __init__(self, path: Path, options: Options) -> None:
        if str(path) == "-":
            raise DataFileError("standard input is read as CSV only: give the name of an NPZ file")
        self.label = str(path)
        self._file = open_binary(path)
        try:
            with self._damage():
                self._archive = zipfile.ZipFile(self._file)
            self._member = self._choose(options.array)
            name = self._member.removesuffix(".npy")
            self.label = f"{path}, array {name!r}"
            with self._damage(), self._archive.open(self._member) as handle:
                self._layout = read_layout(cast(BinaryIO, handle), self.label, options.axis)
        except BaseException:
            self.close()
            raise
        describe(self, self._layout)
        self.passed = [
            f"array {n.removesuffix('.npy')!r}" for n in self._archive.namelist() if n != self._member
        ]

    @contextmanager
    def _damage(self) -> Iterator[None]:
        try:
            yield
        except _DAMAGE as error:
            raise self.fail(f"not an NPZ archive, or a damaged one: {error}") from error

    def _choose(self, array: str | None) -> str:
        arrays = [n for n in self._archive.namelist() if n.endswith(".npy")]
        listed = ", ".join(n.removesuffix(".npy") for n in arrays) or "none"
        if array is not None:
            if f"{array}.npy" not in arrays:
                raise self.fail(f"no array {array!r}: the arrays are {listed}")
            return f"{array}.npy"
        if len(arrays) == 1:
            return arrays[0]
        likely = [n for n in arrays if self._holds_rows(n)]
        if len(likely) != 1:
            raise self.fail(f"which array? Say --array NAME; the arrays are {listed}")
        return likely[0]

    def _holds_rows(self, member: str) -> bool:
        with self._damage(), self._archive.open(member) as handle:
            shape, _, dtype = read_header(cast(BinaryIO, handle), f"{self.label}, member {member!r}")
        return dtype.kind == "f" and len(shape) >= 2

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def transform(
        self, out: BinaryIO, kernel: Kernel, advance: Advance, block_bytes: int = BLOCK_BYTES
    ) -> None:
        """Write the archive to ``out`` with the rows of its array mapped by ``kernel``."""
        with zipfile.ZipFile(out, "w") as archive:
            for info in self._archive.infolist():
                copy = zipfile.ZipInfo(info.filename, info.date_time)
                copy.compress_type = info.compress_type
                copy.external_attr = info.external_attr
                with (
                    self._damage(),
                    self._archive.open(info) as read,
                    archive.open(copy, "w", force_zip64=info.file_size >= 2**31) as write,
                ):
                    if info.filename == self._member:
                        self._transform_member(read, write, kernel, advance, block_bytes)
                    else:
                        shutil.copyfileobj(read, write, _COPY_BYTES)

    def _transform_member(
        self, read: IO[bytes], write: IO[bytes], kernel: Kernel, advance: Advance, block_bytes: int
    ) -> None:
        layout = self._layout
        read.read(len(layout.header))
        if layout.inner == 1 or 8 * layout.classes * layout.inner <= block_bytes:
            transform_array(
                self, layout, cast(BinaryIO, read), cast(BinaryIO, write), kernel, advance, block_bytes
            )
        else:
            self._through_disk(layout, read, write, kernel, advance, block_bytes)
        # Reading to the end makes zipfile compare the checksum.
        if read.read(1):
            raise self.fail("bytes follow the array: the archive is damaged")

    def _through_disk(
        self,
        layout: ArrayLayout,
        read: IO[bytes],
        write: IO[bytes],
        kernel: Kernel,
        advance: Advance,
        block_bytes: int,
    ) -> None:
        """A member of a zip archive allows no seeking: unpack it, work on the disk, pack the result."""
        with tempfile.TemporaryFile() as unpacked, tempfile.TemporaryFile() as result:
            shutil.copyfileobj(read, unpacked, _COPY_BYTES)
            size = unpacked.tell()
            if size != layout.nbytes:
                raise self.fail(
                    f"{size:,} bytes of numbers where {layout.nbytes:,} belong: the archive is damaged"
                )
            unpacked.seek(0)
            transform_array(
                self, layout, cast(BinaryIO, unpacked), cast(BinaryIO, result), kernel, advance, block_bytes
            )
            result.seek(0)
            shutil.copyfileobj(result, write, _COPY_BYTES)
