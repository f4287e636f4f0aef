"""Changes by treatments. Oracle: the changes put into invented records."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.recovery_study import study
from focalbook.figures import recovery_changes
from focalbook.figures.style import figure
from tests.campaigns.invented_recovery import CHANGES, plan, records


def test_means_are_in_their_places() -> None:
    shown = recovery_changes.data(study(plan(), records()))
    assert shown.changes.shape == (2, 3, 3, 3)
    for cell, name in enumerate(shown.cells):
        np.testing.assert_allclose(shown.changes[cell, :, 1, 0], CHANGES[name], atol=1e-12)
    assert (shown.changes[:, 1, 0] == 0).all()


@pytest.mark.parametrize("stored", [0, 2, 18])
def test_any_number_of_records_can_be_drawn(stored: int) -> None:
    shown = recovery_changes.data(study(plan(), records(slice(stored))))
    chart = figure(recovery_changes.draw, shown, alt="Two panels of lines", ncols=2)
    assert chart.light != chart.dark
