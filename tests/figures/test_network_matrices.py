"""Traces of matrices relative to the start. Oracle: division by hand."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.local_curvature import MATRICES
from focalbook.figures import network_matrices
from focalbook.figures.style import figure
from tests.figures.measured import invented


def test_ratios() -> None:
    taken = invented()
    d = network_matrices.data(taken)
    k = MATRICES.index("fisher")
    assert d.ratio[1, 1, 2, k] == taken.trace[1, 1, 2, k] / taken.trace[0, 1, 0, 0]
    np.testing.assert_allclose(d.ratio[:, :, 0, MATRICES.index("hessian")], 1.0)


def test_it_draws() -> None:
    shown = figure(network_matrices.draw, network_matrices.data(invented()), alt="Many traces", ncols=2)
    assert shown.light != shown.dark
