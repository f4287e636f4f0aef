"""Groups of places: oracles an exact head and sums by hand."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import detector_reliability
from focalbook.figures.style import figure
from tests.figures.detector import exact_head


def test_groups_keep_the_totals() -> None:
    record = exact_head()
    shown = detector_reliability.data([record], bins=10)
    assert shown.score.shape == (1, 3, 10, 2)
    for k in range(3):
        assert shown.score[0, k, :, 1].mean() == pytest.approx(record.arrays["posterior"][..., k].mean())
        assert (np.diff(shown.score[0, k, :, 0]) > 0).all()


def test_an_exact_head_is_on_the_diagonal_once_recovered() -> None:
    shown = detector_reliability.data([exact_head(), exact_head()])
    np.testing.assert_allclose(shown.recovered[..., 0], shown.recovered[..., 1], rtol=1e-8)


def test_it_can_be_drawn() -> None:
    groups = detector_reliability.data([exact_head()])
    shown = figure(detector_reliability.draw, groups, alt="Groups of places", ncols=2)
    assert shown.light != shown.dark
