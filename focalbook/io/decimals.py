"""How exactly a text file writes its probabilities, and what that means for the sums of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["text_tolerance"]

_NUMBER = re.compile(rb"\s*[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*")

#: Above this a row that does not sum to one is refused whatever its rounding.
_LARGEST = 0.05


def text_tolerance(fields: Iterable[bytes], classes: int) -> float:
    """How far the sum of a row may be from one when its numbers were rounded as these were.

    Parameters
    ----------
    fields
        Numbers as they are written, a sample of the file.
    classes
        Numbers in a row, k.

    Returns
    -------
    float
        The largest of: k/2 units of the last decimal place (numbers written with a fixed count of decimals);
        5 units of the last significant digit (numbers written with a fixed count of digits: the sum of the
        errors is at most 0.5 * 10**(1 - digits) times the sum of the numbers); 1e-4 where nine digits or
        fewer are written, as for single precision, 1e-6 otherwise. Never above 0.05.
    """
    decimals = digits = 0
    for field in fields:
        match = _NUMBER.fullmatch(field)
        if not match:
            continue
        whole, fraction, exponent = match[1], match[2] or b"", int(match[3] or 0)
        decimals = max(decimals, len(fraction) - exponent)
        digits = max(digits, len((whole + fraction).lstrip(b"0")))
    if not digits and not decimals:
        return 1e-6
    floor = 1e-4 if digits <= 9 else 1e-6
    rounding = max(classes / 2 * 10.0**-decimals, 5 * 10.0**-digits)
    return min(max(floor, rounding), _LARGEST)
