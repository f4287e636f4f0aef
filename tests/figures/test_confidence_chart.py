"""What stands behind a confidence: oracle recovery of random forecasts, which must lie in the band."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import confidence_chart
from focalbook.figures.style import figure
from focalbook.theory.minimizer import recover


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5.0])
def test_every_forecast_lies_in_the_band(gamma: float) -> None:
    rng = np.random.default_rng(0)
    for classes in (2, 3, 10, 500):
        q = rng.dirichlet(np.full(classes, 0.2), 300)
        q = q[q.max(axis=1) < 1 - 1e-6]
        top, behind = q.max(axis=1), recover(q, gamma).max(axis=1)
        low, high = confidence_chart.band(top, gamma)
        assert (behind >= low * (1 - 1e-9)).all()
        assert (behind <= high * (1 + 1e-9)).all()


def test_the_band_is_nearly_reached() -> None:
    q = np.concatenate([[0.4], np.full(600_000, 1e-6)])
    low, _ = confidence_chart.band(np.array([0.2]), 2.0)
    fine = recover(np.concatenate([[0.2], np.full(800_000, 1e-6)]), 2.0)[0]
    assert fine == pytest.approx(low[0], rel=1e-3)
    assert recover(q, 2.0)[0] > 0.4


def test_two_classes_are_recovered() -> None:
    chart = confidence_chart.data((2.0,))
    place = np.searchsorted(chart.reported, 0.8)
    value = chart.reported[place]
    assert chart.pair[0, place] == pytest.approx(recover([value, 1 - value], 2.0)[0])
    assert np.isnan(chart.pair[0, 0])


def test_it_can_be_drawn() -> None:
    shown = figure(confidence_chart.draw, confidence_chart.data(), alt="Bands in three panels", ncols=3)
    assert shown.light != shown.dark
