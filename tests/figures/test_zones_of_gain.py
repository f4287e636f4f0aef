"""The zones of one distribution: oracle the comparison of q with p, and h written out."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import zones_of_gain
from focalbook.figures.style import figure


def gain(p: float, gamma: float) -> float:
    return float((1 - p) ** gamma - gamma * p * (1 - p) ** (gamma - 1) * np.log(p))


@pytest.mark.parametrize(
    ("mass", "count", "gamma"),
    [((0.1, 0.001), (7, 300), 1.0), ((0.9, 0.1), (1, 1), 2.0), ((0.4, 0.2), (1, 3), 0.5)],
)
def test_groups(mass: tuple[float, ...], count: tuple[int, ...], gamma: float) -> None:
    numbers = zones_of_gain.data(mass, count, gamma)
    assert (numbers.q * numbers.count).sum() == pytest.approx(1.0, rel=1e-13)
    for p, q, zone in zip(numbers.mass, numbers.q, numbers.zone, strict=True):
        assert q / p == pytest.approx(gain(q, gamma) / numbers.multiplier, rel=1e-11)
        name = zones_of_gain.NAMES[int(zone)][0]
        assert (name == "amplified") == (q > p)
        assert (name == "over-suppressed") == (q < p < numbers.p_low)
    assert gain(numbers.p_high, gamma) == pytest.approx(numbers.multiplier, rel=1e-10)
    assert numbers.gain[9] == pytest.approx(gain(numbers.grid[9], gamma), rel=1e-12)


def test_it_can_be_drawn() -> None:
    shown = figure(zones_of_gain.draw, zones_of_gain.data(), alt="A curve with three zones", ncols=2)
    assert shown.light != shown.dark
