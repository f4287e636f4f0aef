"""Excess by treatment: oracle the numbers put into the records."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.recalibration import CAMPAIGN, TREATMENTS
from focalbook.figures import recalibration_methods
from focalbook.figures.style import figure
from focalbook.store import Metric, Provenance, Record

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")


def records(shift: float) -> list[Record]:
    made = []
    for seed in (1, 0):
        for gamma in (2.0, 0.0):
            metrics = {
                f"excess {name}": Metric(shift + gamma + 0.1 * k + 0.01 * seed, np.nan, np.nan, 5)
                for k, name in enumerate(TREATMENTS)
            }
            made.append(Record(CAMPAIGN, {"training": {"gamma": gamma, "seed": seed}}, metrics, 1.0, MADE))
    return made


def test_numbers_are_in_their_places() -> None:
    shown = recalibration_methods.data({"a": records(1.0), "b": records(5.0)})
    assert shown.excess.shape == (2, 2, 4, 2)
    assert shown.gammas == (0.0, 2.0)
    np.testing.assert_allclose(shown.excess[1, 1, 3], [7.3, 7.31])


def test_it_can_be_drawn() -> None:
    chart = recalibration_methods.data({"a": records(1.0), "b": records(5.0)})
    shown = figure(recalibration_methods.draw, chart, alt="Marks in two panels", ncols=2)
    assert shown.light != shown.dark
