"""Crossings. Oracle: the staircase itself."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import onebit_crossings
from focalbook.figures.style import figure


def test_the_staircase_steps_at_the_crossings() -> None:
    d = onebit_crossings.data(largest=5, points=5001)
    at = d.mu[1:][np.diff(d.best) > 0]
    np.testing.assert_allclose(at, (d.k - d.gap)[: at.size], atol=2e-3)


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        onebit_crossings.data(largest=0)
    shown = figure(
        onebit_crossings.draw,
        onebit_crossings.data(points=50),
        alt="A staircase, and dots on a curve.",
        ncols=2,
    )
    assert shown.light != shown.dark
