"""The bound over lambda. Oracle: the curve itself: its smallest value and its dips."""

from __future__ import annotations

import numpy as np

from focalbook.figures import pac_minima
from focalbook.figures.style import figure


def test_minima_are_where_the_curve_dips() -> None:
    usual, split = pac_minima.data().curves
    for curve, count in ((usual, 1), (split, 2)):
        inner, left, right = curve.bound[1:-1], curve.bound[:-2], curve.bound[2:]
        dips = np.flatnonzero((inner < left) & (inner < right)) + 1
        assert len(curve.landscape.minima) == count == dips.size
        for least, dip in zip(curve.landscape.minima, dips, strict=True):
            assert abs(least.lam / curve.lam[dip] - 1) < 0.05


def test_paths_end_in_minima_and_fall() -> None:
    _, split = pac_minima.data().curves
    ends = [lam[-1] for lam, _ in split.paths]
    assert np.allclose(ends, [one.lam for one in split.landscape.minima], rtol=1e-6)
    assert all((np.diff(bound) <= 1e-12).all() for _, bound in split.paths)


def test_it_can_be_drawn() -> None:
    shown = figure(pac_minima.draw, pac_minima.data(), alt="Curves with one and two dips", ncols=2)
    assert shown.light != shown.dark
