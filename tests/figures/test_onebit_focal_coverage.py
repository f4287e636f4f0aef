"""Coverage and errors. Oracle: the arrays that the lines come from, with numbers that tell them apart."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.onebit_focal import LargeSample, Replicates, Scatter
from focalbook.figures import onebit_focal_coverage
from focalbook.figures.style import figure


def test_lines_are_the_right_ones_and_are_drawn():
    config = Replicates(gammas=(1.0, 2.0), replicates=10_000)
    coverage = np.arange(32.0).reshape(2, 2, 2, 2, 2) / 32
    blank = np.ones((2, 2))
    found = Scatter(config, 0.0, blank, blank, np.ones((2, 2, 2)), np.ones((2, 2, 2)), coverage)
    large = LargeSample(
        np.array([10, 100]), np.ones((4, 2)), 0.1 * np.ones((4, 2)), np.array([1.0, 0.5, 0, 0])
    )
    data = onebit_focal_coverage.data(found, large, parameter=1)
    np.testing.assert_array_equal(data.lines["proper, sandwich"], coverage[1, 0, 1, :, 1])
    np.testing.assert_array_equal(data.lines["plain, sandwich, of its limit"], coverage[0, 0, 0, :, 1])
    np.testing.assert_array_equal(data.lines["plain, sandwich, of the truth"], coverage[0, 0, 1, :, 1])
    np.testing.assert_array_equal(data.lines["proper, naive"], coverage[1, 1, 1, :, 1])
    np.testing.assert_allclose(data.noise, np.sqrt(0.95 * 0.05 / 10_000))
    shown = figure(onebit_focal_coverage.draw, data, alt="Coverage against gamma", ncols=2)
    assert shown.light != shown.dark
