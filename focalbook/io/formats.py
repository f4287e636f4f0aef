"""Which format a file has, and how to open it."""

from __future__ import annotations

from pathlib import Path

from focalbook.io.base import Options, Source
from focalbook.io.errors import DataFileError

__all__ = ["FORMATS", "detect_format", "open_source"]

#: Formats by the endings of their files.
FORMATS = {
    "csv": (".csv", ".tsv", ".csv.gz", ".tsv.gz"),
    "npy": (".npy",),
    "npz": (".npz",),
    "parquet": (".parquet", ".pq"),
}

_APPLIES = {
    "columns": ("csv", "parquet"),
    "id_columns": ("csv", "parquet"),
    "header": ("csv",),
    "delimiter": ("csv",),
    "array": ("npz",),
    "axis": ("npy", "npz"),
}


def detect_format(path: Path) -> str:
    """The format that the ending of a file's name stands for; ``-`` (standard input or output) is CSV.

    Raises
    ------
    DataFileError
        If the ending is not known.
    """
    if str(path) == "-":
        return "csv"
    name = path.name.lower()
    for kind, endings in FORMATS.items():
        if name.endswith(endings):
            return kind
    known = ", ".join(ending for endings in FORMATS.values() for ending in endings)
    raise DataFileError(
        f"{path}: unknown format {path.suffix!r}: known are {known}; "
        f"for other names say --format {'|'.join(FORMATS)}"
    )


def open_source(path: Path, kind: str, options: Options) -> Source:
    """Open a file of class values.

    Parameters
    ----------
    path
        The file; ``-`` is standard input (CSV only).
    kind
        A key of `FORMATS`.
    options
        How to read it.

    Raises
    ------
    DataFileError
        If the file cannot be read, or an option does not apply to its format.
    """
    for name, kinds in _APPLIES.items():
        if getattr(options, name) is not None and kind not in kinds:
            flag = "--no-header" if name == "header" else "--" + name.replace("_", "-")
            meant = " and ".join(k.upper() for k in kinds)
            raise DataFileError(f"{path}: {flag} is for {meant} files, this is {kind.upper()}")
    if kind == "csv":
        from focalbook.io.csvfile import CsvSource

        return CsvSource(path, options)
    if kind == "npy":
        from focalbook.io.npyfile import NpySource

        return NpySource(path, options)
    if kind == "npz":
        from focalbook.io.npzfile import NpzSource

        return NpzSource(path, options)
    from focalbook.io.parquetfile import ParquetSource

    return ParquetSource(path, options)
