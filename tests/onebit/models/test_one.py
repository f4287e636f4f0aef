"""Models with one positive parameter: what both of them share."""

from __future__ import annotations

import numpy as np
import pytest

import focalbook as fb

MODELS = [
    fb.onebit.Poisson([1.0, 2.0, 0.5], [1, 3, 1]),
    fb.onebit.Exponential([0.5, 1.0, 2.0]),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_predictor_gradient_agrees_with_differences(model):
    """Oracle: central differences of the coordinate."""
    p = np.array([[0.8]])
    h = 1e-6
    slope = (model.coordinates(p + h) - model.coordinates(p - h)) / (2 * h)
    gradient = model.predictor_gradient(p)
    assert gradient.shape == (1, model.trials.size, 1)
    np.testing.assert_allclose(gradient[0, :, 0], slope[0, 0], rtol=1e-8)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_the_score_falls_through_zero_at_the_estimate(model):
    ones, trials = np.array([7.0, 5.0, 4.0]), np.full(3, 10.0)
    fit = model.fit_counts(ones, trials)
    (estimate,) = fit.estimate
    around = [float(model.log_likelihood([estimate * c], ones, trials)) for c in (0.99, 1.0, 1.01)]
    assert around[1] > max(around[0], around[2])


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_nothing_is_left_when_the_parameter_is_held(model):
    name = model.names[0]
    assert model.restrict(name, 1.0) is None
    assert model.limits(name) == (None, None)
    with pytest.raises(ValueError, match="there are no bits"):
        model.fit_counts([0, 0, 0], [0, 0, 0])
