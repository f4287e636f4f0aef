"""Training curves; oracle: curves made by formula."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.channel import channel
from focalbook.figures import known_posterior_training
from focalbook.figures.style import figure
from focalbook.store import Record
from focalbook.theory.minimizer import bayes_risk


def test_curves_are_means_and_ranges_over_seeds(posterior_records: list[Record]) -> None:
    numbers = known_posterior_training.data(posterior_records)
    assert numbers.gammas.tolist() == [0.0, 1.0, 2.0, 5.0]
    assert numbers.steps.tolist() == [10, 20, 30]
    for gamma, floor, mean, low, high in zip(
        numbers.gammas, numbers.floor, numbers.mean, numbers.low, numbers.high, strict=True
    ):
        np.testing.assert_allclose(floor, bayes_risk(channel(), gamma).mean())
        np.testing.assert_allclose(mean - floor, [1.01, 0.51, 0.11])
        np.testing.assert_allclose(low - floor, [1.0, 0.5, 0.1])
        np.testing.assert_allclose(high - floor, [1.02, 0.52, 0.12])


def test_it_can_be_drawn(posterior_records: list[Record]) -> None:
    numbers = known_posterior_training.data(posterior_records)
    shown = figure(known_posterior_training.draw, numbers, alt="Four falling curves and their floors")
    assert shown.light != shown.dark
