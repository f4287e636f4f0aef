"""What results say about themselves. Oracle: arithmetic."""

from __future__ import annotations

import pytest

from focalbook.curvature.results import Eigenvalue, Eigenvalues, Trace


def test_ends_of_intervals() -> None:
    one = Eigenvalue(-2.0, 0.25, 1.0)
    assert (one.low, one.high) == (-2.25, -1.75)
    two = Trace(10.0, 2.0, "samples", 2.0, 5, 0.0)
    assert two.low == pytest.approx(10 - 3.92)
    assert two.high == pytest.approx(10 + 3.92)


def test_the_first_of_several() -> None:
    top, bottom = Eigenvalue(3.0, 0.1, 0.1), Eigenvalue(-1.0, 0.2, 0.2)
    assert Eigenvalues((top,), (bottom,), True, 3, 9, 0.0).value == 3.0
    assert Eigenvalues((), (bottom,), True, 3, 9, 0.0).error == 0.2
