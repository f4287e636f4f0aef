"""Errors against the bound. Oracle: the experiment's own numbers."""

from __future__ import annotations

from focalbook.campaigns.onebit_photons import PhotonBits
from focalbook.figures import onebit_bound
from focalbook.figures.style import figure


def test_drawing() -> None:
    measured = onebit_bound.data(PhotonBits(bits=(30, 100), replicates=200))
    shown = figure(onebit_bound.draw, measured, alt="Errors come down to the bound.", ncols=2)
    assert shown.light != shown.dark
