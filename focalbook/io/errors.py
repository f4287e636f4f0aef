"""Errors that name the file, the place in it and the remedy in one line."""

from __future__ import annotations

__all__ = ["DataFileError", "RowError"]


class DataFileError(ValueError):
    """A file that cannot be read, understood or written; the message is one line for the user."""


class RowError(ValueError):
    """A row whose numbers are not what was promised; it knows its place in a block, not in a file.

    Parameters
    ----------
    row
        Index of the row in the block, from 0.
    message
        What is wrong and what to do.
    column
        Index of the class, from 0; None if the whole row is meant.
    """

    def __init__(self, row: int, message: str, column: int | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column
        self.message = message
