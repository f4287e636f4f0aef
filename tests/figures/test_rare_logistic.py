"""Fits of rare events: oracle models put exactly where the theory says, by formula."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.rare_events import Fit, RareEvents
from focalbook.figures import rare_logistic
from focalbook.figures.style import figure

DESIGN = RareEvents(places=9, gammas=(0.0, 2.0), seeds=(0, 1))


def _fits() -> list[Fit]:
    """The truth for the log loss, the line of the law for the other."""
    fits = []
    for seed in DESIGN.seeds:
        fits.append(Fit(0.0, seed, DESIGN.intercept, DESIGN.slope, 0.0))
        fits.append(Fit(2.0, seed, (DESIGN.intercept - np.log(3.0)) / 3.0, DESIGN.slope / 3.0, 0.0))
    return fits


def test_numbers() -> None:
    numbers = rare_logistic.data(DESIGN, _fits())
    assert numbers.q.shape == (2, 2, 9)
    np.testing.assert_allclose(numbers.q[0], [numbers.e, numbers.e], rtol=1e-12)
    np.testing.assert_allclose(numbers.recovered[0], numbers.q[0], rtol=1e-12)
    np.testing.assert_allclose(numbers.law[1], (numbers.e / 3.0) ** (1 / 3), rtol=1e-12)
    np.testing.assert_allclose(numbers.q[1, 0, :4], numbers.law[1, :4], rtol=0.1)
    np.testing.assert_allclose(numbers.best[1, :4], numbers.law[1, :4], rtol=0.1)


def test_it_can_be_drawn() -> None:
    shown = figure(rare_logistic.draw, rare_logistic.data(DESIGN, _fits()), alt="Fitted lines", ncols=2)
    assert shown.light != shown.dark
