"""Profiles. Oracle: parabolas with their dips at the gamma of training."""

from __future__ import annotations

import numpy as np

from focalbook.figures import recovery_profile
from focalbook.figures.style import figure
from tests.campaigns.invented_recovery import plan, records


def test_dips_are_where_they_were_put() -> None:
    shown = recovery_profile.data(plan(), records())
    np.testing.assert_array_equal(shown.best, [[0, 1, 2], [0, 1, 2]])
    np.testing.assert_allclose(shown.change[0, 2], (shown.tried - 2) ** 2 - 4)


def test_it_can_be_drawn() -> None:
    chart = figure(
        recovery_profile.draw, recovery_profile.data(plan(), records()), alt="Two panels of curves", ncols=2
    )
    assert chart.light != chart.dark
