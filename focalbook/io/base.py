"""What every file format offers: the shape of its class values, and one pass over them into a new file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from focalbook.io.errors import DataFileError, RowError

__all__ = ["BLOCK_BYTES", "SUM_TOLERANCE", "Advance", "Float", "Kernel", "Options", "Source", "read_exactly"]

Float = NDArray[np.float64]

#: Maps rows of class values (n, k) to rows of the same shape; raises `RowError`.
Kernel = Callable[[Float], Float]

#: Told how many further units of work are done.
Advance = Callable[[int], object]

#: Bytes of float64 (or of text) worked on at a time: the peak of memory is a small multiple of it.
BLOCK_BYTES = 8 * 2**20

#: How far a row's sum may be from one by default, by the precision in which the file stores it.
SUM_TOLERANCE = {2: 1e-2, 4: 1e-4, 8: 1e-6}


@dataclass(frozen=True)
class Options:
    """How to read a file. What does not apply to its format must be left at None.

    Attributes
    ----------
    columns, id_columns : sequence of str or None
        Tables: the class columns, or the columns that are passed through, by name, pattern or number.
    header : bool or None
        CSV: whether the first line holds names; None finds out.
    delimiter : str or None
        CSV: the character between fields; None for a comma (a tab in ``.tsv``).
    array : str or None
        NPZ: the name of the array.
    axis : int or None
        NPY and NPZ: the class axis; None for the last.
    """

    columns: Sequence[str] | None = None
    id_columns: Sequence[str] | None = None
    header: bool | None = None
    delimiter: str | None = None
    array: str | None = None
    axis: int | None = None


class Source(ABC):
    """An open file of class values. Use it as a context manager.

    Attributes
    ----------
    classes : int
        Number of classes, at least 2.
    names : list of str
        What the classes are called in messages.
    tolerance : float
        How far a row's sum may be from one, given the precision in which the file was written.
    passed : list of str
        Columns or arrays that are copied as they are.
    total : int or None
        Size of the work in ``unit``, if it is known.
    unit : str
        ``"B"`` for bytes of the file, ``"row"`` for rows.
    doubtful : sequence of str
        Class columns that nobody chose and that look like labels: they hold whole numbers, unlike the others.
    suspect : str
        A question to ask when rows sum to far more than one.
    """

    label: str
    classes: int
    names: list[str]
    tolerance: float
    passed: list[str]
    total: int | None
    unit: str
    doubtful: Sequence[str] = ()
    suspect: str = "is a column that is no class among them (--id-columns), or "

    @abstractmethod
    def transform(
        self, out: BinaryIO, kernel: Kernel, advance: Advance, block_bytes: int = BLOCK_BYTES
    ) -> None:
        """Write to ``out`` the file with its class values mapped by ``kernel``, reading it once.

        Raises
        ------
        DataFileError
            For damage to the file and for a row that ``kernel`` refuses.
        """

    @abstractmethod
    def close(self) -> None:
        """Release the file."""

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def fail(self, message: str) -> DataFileError:
        """An error about this file."""
        return DataFileError(f"{self.label}: {message}")

    def apply(self, kernel: Kernel, values: Float, place: Callable[[int], str]) -> Float:
        """``kernel(values)``, with a refused row named by ``place(row)``."""
        try:
            return kernel(values)
        except RowError as error:
            where = place(error.row)
            if error.column is not None:
                where += f", {self.names[error.column]}"
            raise self.fail(f"{where}: {error.message}") from error


def check_classes(count: int, label: str, what: str) -> None:
    """At least two classes, or an error that says what a single one means."""
    if count < 2:
        raise DataFileError(
            f"{label}: {what}, but a distribution needs at least two classes: for a yes/no model "
            f"give both probabilities, 1 - q and q"
        )


def open_binary(path: Path) -> BinaryIO:
    """A file opened for reading, or a one-line error."""
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise DataFileError(f"{path}: there is no such file") from error
    except IsADirectoryError as error:
        raise DataFileError(f"{path} is a folder: give the name of a file") from error
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read: {error.strerror}") from error


def read_exactly(handle: BinaryIO, count: int, label: str) -> bytes:
    """Exactly ``count`` bytes; a `DataFileError` that names ``label`` if the file ends early."""
    pieces = []
    missing = count
    while missing:
        piece = handle.read(missing)
        if not piece:
            raise DataFileError(f"{label}: the file ends {missing:,} bytes early: copy it again")
        pieces.append(piece)
        missing -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
