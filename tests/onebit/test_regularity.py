"""Constants of the limit theorem. Oracles: mpmath at 40 digits, a dense search, closed forms."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.onebit import Exponential, Gaussian, Poisson
from focalbook.onebit.regularity import NORMAL_THIRD, regularity, third_derivatives


@pytest.mark.parametrize("z", [-9.0, -2.0, -0.3, 0.0, 1.1, 4.0])
def test_third_derivatives_of_the_normal_against_40_digits(z):
    with mp.workdps(40):
        want = [float(mp.diff(lambda t, s=s: mp.log(mp.ncdf(s * t)), z, 3)) for s in (1, -1)]
    got = third_derivatives(Gaussian(1.0, [0.0]), np.array([[z]]))
    np.testing.assert_allclose([float(x[0, 0]) for x in got], want, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize(("k", "y"), [(1, -1.0), (1, 1.0), (3, 0.4), (8, 2.5)])
def test_third_derivatives_of_the_poisson_against_40_digits(k, y):
    def one(t):
        return mp.log(mp.gammainc(k, 0, mp.e**t, regularized=True))

    def zero(t):
        return mp.log(mp.gammainc(k, mp.e**t, mp.inf, regularized=True))

    with mp.workdps(40):
        want = [float(mp.diff(side, y, 3)) for side in (one, zero)]
    got = third_derivatives(Poisson(1.0, [k]), np.array([[y]]))
    np.testing.assert_allclose([float(x[0, 0]) for x in got], want, rtol=1e-9)


def test_the_normal_bound_holds_with_room():
    z = np.linspace(-60, 60, 200_001)[:, None]
    largest = max(np.abs(side).max() for side in third_derivatives(Gaussian(1.0, [0.0]), z))
    assert largest == pytest.approx(0.29571882, abs=1e-8)
    assert largest < NORMAL_THIRD


def test_the_constants_against_a_dense_search():
    rng = np.random.default_rng(0)
    model = Gaussian([1.0, 0.5, -2.0], [0.3, -1.0, 0.8])
    found = regularity(model, (-1.0, 0.5), (1.0, 2.0), (0.2, 1.0))
    draws = np.column_stack([rng.uniform(-1, 1, 20_000), rng.uniform(0.5, 2, 20_000)])
    draws = np.concatenate([draws, [(a, s) for a in (-1, 1) for s in (0.5, 2)]])
    tails = model.tails(draws)
    assert found.probability == pytest.approx(np.exp(min(tails.log_one.min(), tails.log_zero.min())))
    assert found.score == pytest.approx(max(tails.slope_one.max(), -tails.slope_zero.min()))
    z = model.coordinates(draws) @ model.design.T
    assert max(np.abs(side).max() for side in third_derivatives(model, z)) <= found.third_seen + 1e-6
    assert found.reach == pytest.approx(np.sqrt(model.w**2 + model.design[:, 1] ** 2).max())
    assert found.holds


def test_information_is_that_of_the_model_in_its_coordinates():
    model, mu = Poisson([0.5, 2.0], [1, 3]), 1.3
    found = regularity(model, [0.5], [3.0], [mu])
    per_bit = float(model.fisher_information([mu])[0, 0]) * mu**2 / 2  # in log mu, two rows
    assert found.information == pytest.approx(per_bit, rel=1e-12)
    assert found.lyapunov == pytest.approx(found.score / np.sqrt(per_bit))
    assert found.third > found.third_seen


def test_one_ratio_has_no_information():
    found = regularity(Gaussian([1.0, 2.0], [0.5, 1.0]), (-1.0, 0.5), (1.0, 2.0), (0.0, 1.0))
    assert not found.holds
    assert found.lyapunov > 1e6


@pytest.mark.parametrize(
    ("model", "low", "high", "truth", "says"),
    [
        (Gaussian(1.0, [0.0, 1.0]), (0.0, 0.5), (1.0, 2.0), (0.0, 1.0), "not inside"),
        (Gaussian(1.0, [0.0, 1.0]), (0.0, -0.5), (1.0, 2.0), (0.0, 1.0), "above 0"),
        (Exponential([1.0]), (0.1,), (0.9,), (0.5,), "two examples"),
    ],
)
def test_bad_input_is_named(model, low, high, truth, says):
    with pytest.raises(ValueError, match=says):
        regularity(model, low, high, truth)
