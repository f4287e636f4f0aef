"""Measured ratios beside their prediction. Oracle: networks made by formula, exactly at the optimum."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.two_regimes import CAMPAIGN, INTERPOLATION, TwoRegimes, posteriors
from focalbook.figures import memorised_curvature, two_regimes
from focalbook.figures.style import figure
from focalbook.store import Provenance, Record
from focalbook.theory.curvature import optimum_trace, population_trace
from focalbook.theory.minimizer import minimizer

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")


def exact(classes: int, **settings: object) -> list[Record]:
    """Records of networks at the optimum, with small noise between seeds."""
    config = TwoRegimes(classes=classes, **settings)  # type: ignore[arg-type]
    digit = np.repeat(np.arange(10), 5)
    table = posteriors(classes, config.noise)
    records = []
    for training in config.runs():
        best = minimizer(table, training.gamma)
        factor = 1 + 0.001 * training.seed * (training.gamma > 0)
        arrays = {
            "digit": digit,
            "focal": factor * optimum_trace(table, training.gamma)[digit],
            "cross_entropy": population_trace(table, best, 0.0)[digit],
            "label": best.max(axis=1)[digit],
        }
        records.append(Record(CAMPAIGN, config.of(training), {}, 1.0, MADE, arrays))
    return records


def test_exact_networks_lie_on_their_lines() -> None:
    numbers = two_regimes.data([exact(2), exact(10)], exact(10, regime=INTERPOLATION))
    assert [s.name for s in numbers.by_noise] == ["2 classes", "10 classes"]
    for series in numbers.by_noise:
        for point, line in zip(series.measured, series.predicted, strict=True):
            assert point.value == pytest.approx(line, rel=2e-3)
            assert point.low < point.value < point.high
    assert [len(s.predicted) for s in numbers.by_gamma] == [3, 3, 0, 0]


def test_it_can_be_drawn() -> None:
    numbers = two_regimes.data([exact(2), exact(10)], exact(10, regime=INTERPOLATION))
    shown = figure(two_regimes.draw, numbers, alt="Points and lines", ncols=2)
    assert shown.light != shown.dark


def test_images_are_taken_from_the_networks_of_one_gamma() -> None:
    numbers = memorised_curvature.data(exact(10, regime=INTERPOLATION))
    assert [len(x) for x in numbers.label] == [150, 150]
