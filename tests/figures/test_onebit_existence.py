"""Shares and coverage drawn. Oracle: the experiment itself, the axes."""

from __future__ import annotations

from matplotlib.figure import Figure

from focalbook.campaigns.onebit_small_samples import SmallSamples, run
from focalbook.figures import onebit_existence
from focalbook.figures.style import figure


def test_drawing() -> None:
    measured = run(SmallSamples(bits=(3, 30), replicates=100))
    d = onebit_existence.data(measured)
    assert d is measured
    shown = figure(onebit_existence.draw, d, alt="Outcomes and coverage", ncols=2)
    assert shown.light != shown.dark
    axes = Figure().subplots(1, 2)
    onebit_existence.draw(d, axes)
    assert [len(ax.containers) for ax in axes] == [3, 4]
