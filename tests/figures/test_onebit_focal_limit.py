"""Limits of the Gaussian example. Oracles: the true distribution, its probabilities, monotone flattening."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from focalbook.figures import onebit_focal_limit
from focalbook.figures.style import figure


@pytest.fixture(scope="module")
def data():
    return onebit_focal_limit.data(points=5)


def test_at_gamma_zero_everything_is_the_truth(data):
    np.testing.assert_allclose(data.limits[0], data.truth, rtol=1e-8)
    np.testing.assert_allclose(data.curves[0], norm.sf(data.tau, 0.3, 1.0), atol=1e-8)
    np.testing.assert_allclose(data.restored[0], norm.sf(data.places, 0.3, 1.0), atol=1e-8)


def test_focal_loss_flattens_and_the_map_restores(data):
    assert (np.diff(data.limits[:, 1]) > 1).all()
    assert np.abs(data.restored - data.restored[0]).max() < 0.02
    assert np.abs(data.recovered - data.truth).max() < 0.02


def test_bad_input_and_drawing(data):
    with pytest.raises(ValueError, match="at least 0"):
        onebit_focal_limit.data(shown=(-1.0,))
    shown = figure(onebit_focal_limit.draw, data, alt="Falling curves", ncols=2)
    assert shown.light != shown.dark
