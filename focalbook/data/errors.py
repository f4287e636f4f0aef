"""The error of data that is missing, damaged or not what it should be."""

from __future__ import annotations

__all__ = ["DataError"]


class DataError(ValueError):
    """Data that cannot be used; the message is one line: the file, what was expected, what to do."""
