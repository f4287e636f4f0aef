"""The split of the trace. Oracle: the product of the two factors is the whole."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.local_curvature import MATRICES
from focalbook.figures import weight_and_place
from focalbook.figures.style import figure
from tests.figures.measured import invented


def test_factors_multiply_to_the_whole() -> None:
    taken = invented()
    d = weight_and_place.data(taken)
    np.testing.assert_allclose(d.place * d.weight, d.whole)
    np.testing.assert_allclose(d.whole[:, 0], 1.0)
    own = taken.trace[1, 0, 1, MATRICES.index("hessian")]
    assert d.whole[0, 1] == own / taken.trace[1, 0, 0, MATRICES.index("cross-entropy hessian")]


def test_it_draws() -> None:
    shown = figure(weight_and_place.draw, weight_and_place.data(invented()), alt="Two factors and a product")
    assert shown.light != shown.dark
