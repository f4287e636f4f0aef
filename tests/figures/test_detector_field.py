"""Maps of the scene: oracle a head that is exactly at its minimiser."""

from __future__ import annotations

import numpy as np

from focalbook.figures import detector_field
from focalbook.figures.style import figure
from tests.figures.detector import exact_head


def test_maps_of_an_exact_head() -> None:
    record = exact_head()
    for shown, k in zip(detector_field.data(record, (0, 2)), (0, 2), strict=True):
        np.testing.assert_allclose(shown.recovered, shown.truth, rtol=1e-8)
        np.testing.assert_allclose(shown.score, record.arrays["minimizer"][..., k], rtol=1e-12)
    assert [shown.name for shown in detector_field.data(record)] == ["person", "bicycle"]


def test_it_can_be_drawn() -> None:
    maps = detector_field.data(exact_head())
    shown = figure(detector_field.draw, maps, alt="Maps of a scene", nrows=2, ncols=3)
    assert shown.light != shown.dark
