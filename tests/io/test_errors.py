"""Errors carry what a message needs."""

from __future__ import annotations

from focalbook.io import DataFileError
from focalbook.io.errors import RowError


def test_row_errors_know_their_place() -> None:
    error = RowError(3, "negative", 1)
    assert (error.row, error.column, error.message, str(error)) == (3, 1, "negative", "negative")
    assert RowError(3, "sum").column is None


def test_both_are_value_errors() -> None:
    """So that programs that call the package catch them like those of the library."""
    assert issubclass(DataFileError, ValueError)
    assert issubclass(RowError, ValueError)
