"""Outputs by digit; oracles: the minimiser, quantiles of sorted lists."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.channel import channel
from focalbook.figures import known_posterior_output
from focalbook.figures.style import figure
from focalbook.store import Record
from focalbook.theory.minimizer import minimizer


def test_perfect_networks_lie_on_the_minimiser(posterior_records: list[Record]) -> None:
    numbers = known_posterior_output.data(posterior_records, 2.0, digits=(0, 8))
    np.testing.assert_array_equal(numbers.posterior, channel()[[0, 8]])
    np.testing.assert_allclose(numbers.target, minimizer(channel()[[0, 8]], 2.0))
    np.testing.assert_allclose(numbers.output[:, 1], numbers.target, rtol=0.01)
    np.testing.assert_allclose(numbers.recovered[:, 1], numbers.posterior, rtol=0.02)
    assert numbers.images.tolist() == [30, 30]


def test_quantiles_are_over_images_and_seeds(posterior_records: list[Record]) -> None:
    numbers = known_posterior_output.data(posterior_records, 1.0, digits=(3,))
    chosen = [r for r in posterior_records if r.configuration["training"]["gamma"] == 1.0]
    values = sorted(float(q) for r in chosen for q in r.arrays["output"][r.arrays["digit"] == 3][:, 4])
    assert len(values) == 90
    assert values[8] <= numbers.output[0, 0, 4] <= values[9]
    assert numbers.output[0, 1, 4] == pytest.approx((values[44] + values[45]) / 2)


def test_it_can_be_drawn(posterior_records: list[Record]) -> None:
    numbers = known_posterior_output.data(posterior_records, 5.0)
    shown = figure(known_posterior_output.draw, numbers, alt="Outputs of four digits", nrows=2, ncols=2)
    assert shown.light != shown.dark
