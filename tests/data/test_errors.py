"""The error of bad data."""

from __future__ import annotations

from focalbook.data import DataError


def test_it_is_a_value_error_with_its_message() -> None:
    assert issubclass(DataError, ValueError)
    assert str(DataError("train.bin is missing")) == "train.bin is missing"
