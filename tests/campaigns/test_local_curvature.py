"""The experiment on a reduced grid. Oracles: equalities between its own numbers, and the digits."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.local_curvature import MATRICES, LocalCurvature, Measured, pooled, run
from focalbook.data import load_digits
from focalbook.training import TrainingConfig


@pytest.fixture(scope="module")
def measured() -> Measured:
    training = TrainingConfig(model="tanh-mlp", hidden=(4,), steps=60, learning_rate=3e-2, input_noise=0.0)
    return run(LocalCurvature(gammas=(0.0, 2.0), seeds=(0, 1), images=80, training=training))


def test_shapes_and_theorem(measured: Measured) -> None:
    assert measured.trace.shape == (2, 2, 2, len(MATRICES))
    assert measured.parameters == 16 * 4 + 4 + 4 * 10 + 10
    assert measured.theorem.max() < 1e-12
    assert np.isfinite(measured.top).all()


def test_at_gamma_zero_everything_is_cross_entropy(measured: Measured) -> None:
    at = dict(zip(MATRICES, np.moveaxis(measured.trace[1, :, 0], -1, 0), strict=True))
    np.testing.assert_allclose(at["hessian"], at["cross-entropy hessian"])
    for name in ("gauss-newton", "reading"):
        np.testing.assert_allclose(at[name], at["fisher"], rtol=1e-12)
    np.testing.assert_array_equal(measured.trace[0, :, 0], measured.trace[1, :, 0])


def test_the_fisher_information_at_one_place_does_not_know_gamma(measured: Measured) -> None:
    fisher = measured.trace[0, :, :, MATRICES.index("fisher")]
    np.testing.assert_array_equal(fisher[:, 0], fisher[:, 1])


def test_the_reading_is_the_smaller_one(measured: Measured) -> None:
    reading, exact = (measured.trace[:, :, 1, MATRICES.index(name)] for name in ("reading", "gauss-newton"))
    assert (reading < exact).all()


def test_pooling_keeps_the_mean() -> None:
    images = load_digits().test
    small = pooled(images)
    assert small.shape == (len(images), 4, 4)
    np.testing.assert_allclose(small.mean(axis=(1, 2)), images.pixels().mean(axis=(1, 2)), rtol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"gammas": (1.0,)}, "begin with 0"), ({"seeds": ()}, "seeds"), ({"images": 3}, "images")],
)
def test_bad_configurations_are_refused(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LocalCurvature(**change)
