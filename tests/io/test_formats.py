"""Endings of names, and options that do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.io.base import Options
from focalbook.io.errors import DataFileError
from focalbook.io.formats import detect_format, open_source


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"),
        ("a.CSV", "csv"),
        ("a.b.csv.gz", "csv"),
        ("a.tsv", "csv"),
        ("-", "csv"),
        ("a.npy", "npy"),
        ("a.npz", "npz"),
        ("a.parquet", "parquet"),
        ("a.pq", "parquet"),
    ],
)
def test_endings(name: str, kind: str) -> None:
    assert detect_format(Path(name)) == kind


@pytest.mark.parametrize("name", ["a.txt", "a", "a.npy.gz", "csv"])
def test_unknown_endings(name: str) -> None:
    with pytest.raises(DataFileError, match=r"unknown format .* say --format"):
        detect_format(Path(name))


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("csv", Options(array="x"), "--array is for NPZ files, this is CSV"),
        ("csv", Options(axis=0), "--axis is for NPY and NPZ files"),
        ("npy", Options(columns=["a"]), "--columns is for CSV and PARQUET files"),
        ("npz", Options(id_columns=["a"]), "--id-columns is for"),
        ("parquet", Options(header=False), "--no-header is for CSV files"),
        ("npy", Options(delimiter=";"), "--delimiter is for CSV files"),
    ],
)
def test_options_that_do_not_apply(kind: str, options: Options, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        open_source(Path("x"), kind, options)


@pytest.mark.parametrize("kind", ["csv", "npy", "npz", "parquet"])
def test_missing_file_and_folder(tmp_path: Path, kind: str) -> None:
    with pytest.raises(DataFileError, match="there is no such file"):
        open_source(tmp_path / "missing", kind, Options())
    with pytest.raises(DataFileError, match="is a folder"):
        open_source(tmp_path, kind, Options())
