"""Finite energies: oracles mpmath at 50 digits, and SciPy's SLSQP for the maximum of the entropy."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from focalbook.theory.maxent import Levels

CASES = (
    ([0.0, 1.0], None),
    ([0.0, 1.0, 2.0, 5.0], [1.0, 3.0, 2.0, 1.0]),
    ([-3.0, -1.0, -1.0, 4.0], [2.0, 0.0, 1.0, 1e-9]),
    ([1e9, 1e9 + 0.5, 1e9 + 1.0], [1e-6, 1.0, 1e6]),
)


def exact(x, w, beta):
    """Distances of the mean from both ends and from the centre, variance, entropy, log Z above `low`."""
    keep = [(mp.mpf(float(a)), mp.mpf(float(b))) for a, b in zip(x, w, strict=True) if b > 0]
    low, high = min(a for a, _ in keep), max(a for a, _ in keep)
    weights = [b * mp.exp(-mp.mpf(float(beta)) * (a - low)) for a, b in keep]
    z = mp.fsum(weights)
    mean = mp.fsum(v * (a - low) for v, (a, _) in zip(weights, keep, strict=True)) / z
    square = mp.fsum(v * (a - low - mean) ** 2 for v, (a, _) in zip(weights, keep, strict=True)) / z
    centre = mp.fsum(b * (a - low) for a, b in keep) / mp.fsum(b for _, b in keep)
    return mean, high - low - mean, mean - centre, square, mp.log(z) + mp.mpf(float(beta)) * mean, mp.log(z)


@pytest.mark.parametrize(("x", "w"), CASES)
def test_moments_against_mpmath(x, w):
    levels = Levels(x, w)
    for scaled in (-600.0, -30.0, -1.0, -1e-3, -1e-14, 1e-14, 1e-3, 1.0, 30.0, 600.0):
        beta = scaled / levels.width
        with mp.workdps(400):
            want = [float(v) for v in exact(x, levels.weights, beta)]
        got = [levels.mean(beta, o) for o in ("low", "high", "centre")]
        got += [levels.variance(beta)]
        np.testing.assert_allclose(got, want[:4], rtol=1e-12)
        got = [levels.entropy(beta), levels.log_partition(beta, "low")]
        np.testing.assert_allclose(got, want[4:], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("x", "w"), CASES)
def test_other_origins_of_the_normaliser(x, w):
    levels = Levels(x, w)
    centre = levels.mean(0.0, "low")
    for beta in (-2.0, 0.0, 0.7):
        low = levels.log_partition(beta, "low")
        assert levels.log_partition(beta, "high") == pytest.approx(low + beta * levels.width)
        assert levels.log_partition(beta, "centre") == pytest.approx(low + beta * centre)
        assert levels.log_partition(beta) == pytest.approx(low - beta * levels.low)


def test_probabilities_are_the_definition():
    levels = Levels([3.0, 1.0, 2.0, 2.0], [1.0, 2.0, 0.0, 5.0])
    beta = np.array([-1.5, 0.0, 2.0])
    naive = levels.weights * np.exp(-beta[:, None] * levels.energies)
    naive /= naive.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(levels.probabilities(beta), naive, rtol=1e-14)
    np.testing.assert_array_equal(levels.log_probabilities(beta)[:, 2], -np.inf)
    np.testing.assert_allclose(np.exp(levels.log_probabilities(beta)), naive, rtol=1e-13)
    assert levels.log_probabilities(1e6)[0] == pytest.approx(-2e6)  # where the probability underflows


@pytest.mark.parametrize("mean", [0.4, 1.5, 2.6])
def test_largest_entropy_against_slsqp(mean):
    x = np.array([0.0, 1.0, 2.0, 3.0])
    found = minimize(
        lambda p: float(np.sum(p * np.log(np.maximum(p, 1e-300)))),
        np.full(4, 0.25),
        jac=lambda p: np.log(np.maximum(p, 1e-300)) + 1,
        bounds=[(1e-12, 1)] * 4,
        constraints=[
            {"type": "eq", "fun": lambda p: p.sum() - 1},
            {"type": "eq", "fun": lambda p: p @ x - mean},
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    levels = Levels(x)
    beta = levels.beta(mean)
    np.testing.assert_allclose(levels.probabilities(beta), found.x, atol=1e-6)
    assert levels.entropy(beta) == pytest.approx(-found.fun, rel=1e-10)
    assert levels.entropy(beta) >= -found.fun - 1e-12


finite = st.floats(-1e3, 1e3).map(lambda x: round(x, 9))  # neighbours are at least 1e-9 apart


@settings(max_examples=150, deadline=None)
@given(
    st.lists(finite, min_size=2, max_size=8, unique=True),
    st.lists(st.floats(1e-6, 1e6), min_size=8, max_size=8),
    st.floats(-290, 0),
    st.sampled_from(["low", "high"]),
)
def test_mean_there_and_back(x, w, power, origin):
    levels = Levels(x, w[: len(x)])
    target = levels.width * 10.0**power
    beta = levels.beta(target, origin)
    assert levels.mean(beta, origin) == pytest.approx(target, rel=1e-12)


@settings(max_examples=150, deadline=None)
@given(st.lists(finite, min_size=2, max_size=8, unique=True), st.floats(-14, 0), st.booleans())
def test_small_beta_there_and_back(x, power, negative):
    levels = Levels(x)
    beta = (-1.0 if negative else 1.0) * 10.0**power / levels.width
    assert levels.beta(levels.mean(beta, "centre"), "centre") == pytest.approx(beta, rel=1e-12)


def test_narrow_gaps_take_huge_beta():
    levels = Levels([0.0, 1e-15, 1.0])
    for beta in (1e15, 1e16, 1e17):
        assert levels.beta(levels.mean(beta, "low"), "low") == pytest.approx(beta, rel=1e-12)


def test_ends_are_point_masses():
    levels = Levels([1.0, 1.0, 2.0, 4.0], [1.0, 2.0, 1.0, 5.0])
    np.testing.assert_array_equal(levels.beta([1.0, 4.0]), [np.inf, -np.inf])
    np.testing.assert_array_equal(levels.mean([np.inf, -np.inf]), [1.0, 4.0])
    np.testing.assert_allclose(levels.mean([np.inf, -np.inf], "centre"), [1 - 25 / 9, 4 - 25 / 9], rtol=1e-14)
    np.testing.assert_array_equal(levels.variance([np.inf, -np.inf]), 0.0)
    np.testing.assert_allclose(levels.entropy([np.inf, -np.inf]), np.log([3.0, 5.0]), rtol=1e-15)
    np.testing.assert_allclose(levels.probabilities(np.inf), [1 / 3, 2 / 3, 0, 0])
    assert levels.beta(levels.mean(0.0)) == 0.0


def test_shapes():
    levels = Levels([0.0, 1.0, 3.0])
    beta = np.linspace(-2, 2, 6).reshape(2, 3)
    assert levels.probabilities(beta).shape == (2, 3, 3)
    for value in (
        levels.mean(beta),
        levels.variance(beta),
        levels.entropy(beta),
        levels.beta(levels.mean(beta)),
    ):
        assert value.shape == (2, 3)
    np.testing.assert_allclose(levels.beta(levels.mean(beta)), beta, rtol=1e-12)
    assert np.ndim(levels.mean(0.3)) == np.ndim(levels.beta(1.0)) == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (([1.0, 1.0],), "all energies"),
        (([1.0, 2.0], [1.0, 0.0]), "all energies"),
        (([1.0],), "at least two"),
        (([1.0, np.nan],), "energies is NaN"),
        (([1.0, np.inf],), "finite"),
        (([1.0, 2.0], [1.0]), "do not fit"),
        (([1.0, 2.0], [1.0, -1.0]), "at least 0"),
        (([-1e308, 1e308],), "too far apart"),
        (([0.0, 1e-300],), "too close together"),
    ],
)
def test_bad_energies(args, words):
    with pytest.raises(ValueError, match=words):
        Levels(*args)


def test_bad_arguments():
    levels = Levels([0.0, 1.0])
    for call in (lambda: levels.beta(1.1), lambda: levels.beta(-0.1), lambda: levels.beta(2.0, "low")):
        with pytest.raises(ValueError, match="outside"):
            call()
    with pytest.raises(ValueError, match="NaN"):
        levels.mean(np.nan)
    with pytest.raises(ValueError, match="origin"):
        levels.mean(0.0, "left")
