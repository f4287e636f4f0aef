"""Variances over replicates. Oracle: the experiment that is handed in."""

from __future__ import annotations

from focalbook.campaigns.threshold_designs import ThresholdDesigns, variances
from focalbook.figures import onebit_variances
from focalbook.figures.style import figure


def test_numbers_are_those_of_the_experiment_and_drawing() -> None:
    measured = variances(ThresholdDesigns(bits=(60, 300), replicates=100))
    assert onebit_variances.data(measured) is measured
    shown = figure(onebit_variances.draw, measured, alt="Variances of designs", ncols=2)
    assert shown.light != shown.dark
