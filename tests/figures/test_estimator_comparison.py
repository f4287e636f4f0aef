"""Estimators against products. Oracle: the comparison itself."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.estimator_comparison import OURS, Comparison
from focalbook.figures import estimator_comparison
from focalbook.figures.style import figure


def test_it_draws_what_was_measured() -> None:
    m = np.array([6.0, 12.0])
    names = ("Hutchinson", "Hutch++", "XTrace", OURS)
    one = Comparison("a kind", 1.0, 1.0, dict.fromkeys(names, m), dict.fromkeys(names, 1 / m), 1 / m, 5)
    made = estimator_comparison.data([one, one])
    assert made.panels == (one, one)
    shown = figure(estimator_comparison.draw, made, alt="Falling lines", ncols=2)
    assert shown.light != shown.dark
