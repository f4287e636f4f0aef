"""Gaps. Oracle: the formula behind invented records."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.recovery_study import study
from focalbook.figures import recovery_gap
from focalbook.figures.style import figure
from tests.campaigns.invented_recovery import plan, records


def test_means_are_in_their_places() -> None:
    shown = recovery_gap.data(study(plan(), records()))
    np.testing.assert_allclose(shown.gaps[0, 0, :, 0], 1.01 + 0.1 * np.arange(3))
    np.testing.assert_allclose(shown.gaps[1, 1, :, 0], 1.01 + 0.5 * np.arange(3))


@pytest.mark.parametrize("stored", [0, 2, 18])
def test_any_number_of_records_can_be_drawn(stored: int) -> None:
    shown = recovery_gap.data(study(plan(), records(slice(stored))))
    chart = figure(recovery_gap.draw, shown, alt="Two panels of lines", ncols=2)
    assert chart.light != chart.dark
