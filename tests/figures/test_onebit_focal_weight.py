"""Weights of one bit. Oracles: multiplier times slope of Q*, and the mirror symmetry of two classes."""

from __future__ import annotations

import numpy as np
import pytest

import focalbook as fb
from focalbook.figures import onebit_focal_weight
from focalbook.figures.style import figure


def test_weights_are_the_ones_of_the_theory():
    data = onebit_focal_weight.data(gammas=(1.0, 4.0), points=25)
    np.testing.assert_allclose(data.one, data.zero[:, ::-1], rtol=1e-12)
    np.testing.assert_allclose(data.omega, data.omega[:, ::-1], rtol=1e-10)
    inner = slice(6, 19)
    p, step = data.p[inner], 1e-6
    for k, g in enumerate(data.gammas):
        q = [fb.minimizer(np.stack([x, 1 - x], axis=-1), g)[..., 0] for x in (p + step, p - step)]
        omega = fb.multiplier(np.stack([p, 1 - p], axis=-1), g) * (q[0] - q[1]) / (2 * step)
        np.testing.assert_allclose(data.omega[k, inner], omega / omega[6], rtol=1e-6)


def test_weights_approach_that_of_boosting():
    data = onebit_focal_weight.data(gammas=(20.0, 100.0), points=41)
    gap = np.abs(np.log(data.omega / data.boosting)).max(axis=1)
    assert gap[1] < 0.4 * gap[0]


def test_bad_input_and_drawing():
    with pytest.raises(ValueError, match="above 0"):
        onebit_focal_weight.data(gammas=(0.0, 1.0))
    shown = figure(
        onebit_focal_weight.draw, onebit_focal_weight.data(points=9), alt="Weights against log-odds", ncols=2
    )
    assert shown.light != shown.dark
