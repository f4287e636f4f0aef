"""The hooks of every model agree with each other. Oracle: differences and round trips."""

from __future__ import annotations

import numpy as np
import pytest

import focalbook as fb
from focalbook.onebit.models.spec import Problem, Specification

CASES = [
    (fb.onebit.Gaussian([1.0, 2.0, 0.5], [0.0, 1.0, -0.5]), np.array([[0.4, 1.3]])),
    (fb.onebit.Poisson([1.0, 2.0, 0.5], [1, 3, 1]), np.array([[0.9]])),
    (fb.onebit.Exponential([0.5, 1.0, 2.0]), np.array([[0.9]])),
    (fb.onebit.Bernoulli([[1.0, 0.0], [1.0, 1.0], [1.0, 3.0]]), np.array([[0.2, -0.4]])),
]
IDS = [type(case[0]).__name__ for case in CASES]


@pytest.mark.parametrize(("model", "parameters"), CASES, ids=IDS)
def test_round_trip_and_gradient(model, parameters):
    np.testing.assert_allclose(model.parameters(model.coordinates(parameters)), parameters, rtol=1e-14)
    h = 1e-6
    for j in range(parameters.shape[1]):
        step = h * np.eye(parameters.shape[1])[j]
        up, down = (model.coordinates(parameters + s) @ model.design.T for s in (step, -step))
        np.testing.assert_allclose(
            model.predictor_gradient(parameters)[0, :, j], ((up - down) / (2 * h))[0], rtol=1e-7, atol=1e-9
        )


@pytest.mark.parametrize(("model", "parameters"), CASES, ids=IDS)
def test_a_restricted_problem_holds_its_parameter(model, parameters):
    """At the restricted maximum the likelihood is that of some parameter with the held value."""
    ones, trials = np.array([[6.0, 4.0, 3.0]]), 9.0
    for j, name in enumerate(model.names):
        problem = model.restrict(name, parameters[0, j])
        if problem is None:
            continue
        held = model.maximise_restricted(problem, ones, trials - ones)[0]
        others = [parameters[0].copy() for _ in range(200)]
        free = 1 - j
        grid = (
            np.linspace(-3, 3, 200)
            if model.names[free] not in model.positive
            else np.geomspace(0.05, 60, 200)
        )
        for row, value in zip(others, grid, strict=True):
            row[free] = value
        values = [model.log_likelihood(row, ones[0], np.full(3, trials)) for row in others]
        assert held >= max(values) - 1e-12
        assert held == pytest.approx(max(values), abs=0.05)


def test_hooks_are_abstract_and_defaults_harmless():
    with pytest.raises(TypeError, match="abstract"):
        Specification()  # type: ignore[abstract]
    assert Problem(np.ones((1, 1)), 0.0).non_negative is False
    model = CASES[3][0]
    np.testing.assert_array_equal(model.admissible(np.zeros((2, 2))), [True, True])
    assert model.overlap_design() is model.design
    assert "outside the parameter space" in model.outside()
