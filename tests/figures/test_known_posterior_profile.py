"""Recovery with a wrong gamma; oracle: networks made by formula, whose distance vanishes at the right one."""

from __future__ import annotations

import numpy as np

from focalbook.figures import known_posterior_profile
from focalbook.figures.style import figure
from focalbook.store import Record


def test_distance_is_least_at_the_gamma_of_training(posterior_records: list[Record]) -> None:
    numbers = known_posterior_profile.data(posterior_records, highest=6.0, points=13)
    assert numbers.distance.shape == (4, 3, 13)
    np.testing.assert_array_equal(numbers.best, np.repeat(numbers.gammas[:, None], 3, axis=1))
    at = numbers.inverse.tolist().index(2.0)
    assert (numbers.distance[2, :, at] < 0.005).all()
    assert (numbers.distance[2, :, 0] > 0.02).all()


def test_inverse_zero_leaves_outputs_alone(posterior_records: list[Record]) -> None:
    from focalbook.campaigns.channel import channel

    numbers = known_posterior_profile.data(posterior_records, highest=1.0, points=2)
    record = next(r for r in posterior_records if r.configuration["training"]["gamma"] == 5.0)
    gap = np.abs(record.arrays["output"] - channel()[record.arrays["digit"]]).sum(axis=1) / 2
    np.testing.assert_allclose(numbers.distance[3, 0, 0], np.median(gap))


def test_it_can_be_drawn(posterior_records: list[Record]) -> None:
    numbers = known_posterior_profile.data(posterior_records, points=5)
    shown = figure(known_posterior_profile.draw, numbers, alt="Curves with one dip each")
    assert shown.light != shown.dark
