"""Diagnosis. Oracle: the temperatures and changes put into invented records."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.recovery_study import study
from focalbook.figures import recovery_diagnosis
from focalbook.figures.style import figure
from tests.campaigns.invented_recovery import plan, records


def test_marks_are_in_their_places() -> None:
    shown = recovery_diagnosis.data([study(plan(), records()), study(plan(), [])])
    assert shown.kinds == ("trial: all", "trial: few")
    few = shown.networks[1]
    np.testing.assert_allclose(few.foretold[few.gamma == 2], 2 * (0.2 - 0.9))
    np.testing.assert_allclose(few.change[few.gamma == 2], 0.8 + 0.001 * np.array([-1, 0, 1]))


def test_it_can_be_drawn() -> None:
    chart = figure(
        recovery_diagnosis.draw, recovery_diagnosis.data([study(plan(), records())]), alt="Marks in a plane"
    )
    assert chart.light != chart.dark
