"""Class weights given on the command line or in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from focalbook.io.errors import DataFileError

__all__ = ["read_weights"]


def read_weights(text: str) -> list[float]:
    """Class weights from ``"0.25,0.75"``, or from a file that holds such text or an NPY array.

    Numbers in a file may be separated by commas, blanks or line breaks. The values are not judged here.

    Raises
    ------
    DataFileError
        If this is neither numbers nor such a file.
    """
    numbers = _numbers(text)
    if numbers is not None:
        return numbers
    path = Path(text)
    if not path.is_file():
        raise DataFileError(f"alpha {text!r} is neither numbers with commas between (0.25,0.75) nor a file")
    try:
        if path.suffix.lower() == ".npy":
            return [float(x) for x in np.atleast_1d(np.load(path, allow_pickle=False)).ravel()]
        numbers = _numbers(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise DataFileError(f"{path}: class weights cannot be read from it: {reason}") from error
    if not numbers:
        raise DataFileError(f"{path}: expected class weights: numbers with commas, blanks or line breaks")
    return numbers


def _numbers(text: str) -> list[float] | None:
    words = text.replace(",", " ").split()
    try:
        return [float(word) for word in words] if words else None
    except ValueError:
        return None
