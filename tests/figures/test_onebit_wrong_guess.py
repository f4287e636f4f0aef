"""Efficiency under wrong guesses. Oracle: `design.efficiency` point by point."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.threshold_designs import menu, region
from focalbook.figures import onebit_wrong_guess
from focalbook.figures.style import figure
from focalbook.onebit import design


def test_maps() -> None:
    d = onebit_wrong_guess.data(points=5)
    assert d.guess[2, 2] == pytest.approx(1.0)  # the guess itself
    guess = design.gaussian([0.0, 1.0])
    robust, _ = design.worst_case(menu(), region())
    for i, j in ((1, 1), (2, 3), (3, 2)):
        at = [d.a[j], d.s[i]]
        best = guess.value * d.s[i] ** 2
        for values, one in ((d.guess, guess), (d.robust, robust)):
            want = design.efficiency(one.model, one.weights, at, best=best)
            assert values[i, j] == pytest.approx(want, rel=1e-4, abs=1e-9)
    assert np.isfinite(d.guess).all()
    assert d.bound > 1 - 2e-4


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="points"):
        onebit_wrong_guess.data(points=1)
    shown = figure(
        onebit_wrong_guess.draw, onebit_wrong_guess.data(points=15), alt="Two maps of contours", ncols=2
    )
    assert shown.light != shown.dark
