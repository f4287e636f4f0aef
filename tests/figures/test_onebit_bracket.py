"""Designs over decades. Oracle: closed forms for one exposure and for an endless bracket."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import onebit_bracket
from focalbook.figures.style import figure
from focalbook.onebit.exposures import bracket, bracket_information


def test_curves() -> None:
    d = onebit_bracket.data(points=200)
    x = d.mu * 1.593624 / np.sqrt(d.low * d.high)
    near = x < 30
    np.testing.assert_allclose(d.single[near], x[near] ** 2 / np.expm1(x[near]), rtol=1e-4)
    inner = (d.mu > 30) & (d.mu < 3e3)
    each = bracket_information(d.ratio) / bracket(d.low, d.high, d.ratio).size
    np.testing.assert_allclose(d.bracketed[inner], each, rtol=0.04)
    inside = (d.mu >= d.low) & (d.mu <= d.high)
    assert d.maximin[inside].min() > 0.99 * d.least
    assert d.shares.sum() == pytest.approx(1.0)


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="0 < low < high"):
        onebit_bracket.data(low=2.0, high=1.0)
    shown = figure(onebit_bracket.draw, onebit_bracket.data(points=40), alt="One bell and two plateaus.")
    assert shown.light != shown.dark
