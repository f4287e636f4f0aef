"""Peak and crossing of the gain: oracle the closed forms at gamma = 1 and mpmath's root finder elsewhere."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import gain_landmarks
from focalbook.figures.style import figure


def test_closed_forms_at_one() -> None:
    numbers = gain_landmarks.data((1.0,))
    assert numbers.peak[0] == pytest.approx(math.exp(-2), rel=1e-14)
    assert numbers.height[0] == pytest.approx(1 + math.exp(-2), rel=1e-14)
    assert numbers.crossing[0] == pytest.approx(math.exp(-1), rel=1e-13)


def test_landmarks_along_gamma() -> None:
    numbers = gain_landmarks.data(points=50)
    for k in (0, 20, 49):
        g = mp.mpf(float(numbers.many[k]))
        peak = mp.findroot(lambda p, g=g: -2 * (1 - p) - (1 - g * p) * mp.log(p), float(numbers.peaks[k]))
        assert numbers.peaks[k] == pytest.approx(float(peak), rel=1e-12)
        at = mp.mpf(float(numbers.crossings[k]))
        assert abs((1 - at) ** g - g * at * (1 - at) ** (g - 1) * mp.log(at) - 1) < 1e-13
    assert (np.diff(numbers.crossings) < 0).all()
    assert (np.diff(numbers.peaks) < 0).all()
    assert numbers.crossings.max() < 0.5


def test_it_can_be_drawn() -> None:
    shown = figure(gain_landmarks.draw, gain_landmarks.data(points=30), alt="Curves with a peak", ncols=2)
    assert shown.light != shown.dark
