"""One and two stages. Oracle: the experiment that is handed in."""

from __future__ import annotations

from focalbook.campaigns.threshold_designs import TwoStage, two_stage
from focalbook.figures import onebit_two_stage
from focalbook.figures.style import figure


def test_numbers_are_those_of_the_experiment_and_drawing() -> None:
    measured = two_stage(TwoStage(truths=((0.0, 1.0), (2.0, 1.0)), bits=200, replicates=100))
    assert onebit_two_stage.data(measured) is measured
    shown = figure(onebit_two_stage.draw, measured, alt="Groups of bars")
    assert shown.light != shown.dark
