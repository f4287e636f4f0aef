"""Calibration against gamma. Oracle: the gap of the made-up records, 5 - 2 gamma per cent."""

from __future__ import annotations

import pytest

from focalbook.campaigns.curvature_study import cells
from focalbook.figures import calibration_by_gamma
from focalbook.figures.panels import grid_of
from focalbook.figures.style import figure
from tests.curvature_runs import made


def test_curves_are_per_cent() -> None:
    numbers = calibration_by_gamma.data(cells(made()))
    assert [e.value for e in numbers.curves[0]["signed gap"]] == pytest.approx([5.0, 3.0, 1.0, -5.0])
    assert [e.value for e in numbers.curves[0]["ECE"]] == pytest.approx([5.1, 3.1, 1.1, 5.1])


def test_it_can_be_drawn() -> None:
    numbers = calibration_by_gamma.data(cells(made(per_class=1) + made(seeds=(0,), per_class=2)))
    shown = figure(calibration_by_gamma.draw, numbers, alt="Curves in panels", **grid_of(2))
    assert shown.light != shown.dark
