"""The interval: oracles mpmath at 50 digits, SciPy's quadrature, and a discretised SLSQP maximum."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from focalbook.theory.maxent import Interval, Levels


@pytest.mark.parametrize("ends", [(0.0, 1.0), (-2.0, 3.0), (5.0, 5.25)])
@pytest.mark.parametrize("scaled", [-40.0, -2.0, -1e-6, 0.0, 1e-3, 2.0, 40.0])
def test_moments_against_quadrature(ends, scaled):
    interval = Interval(*ends)
    beta = scaled / interval.width

    def integral(function):
        return quad(function, *ends, epsabs=1e-13, epsrel=1e-13, limit=200)[0]

    mean = integral(lambda x: x * interval.density(x, beta))
    assert integral(lambda x: interval.density(x, beta)) == pytest.approx(1.0, rel=1e-12)
    assert interval.mean(beta) == pytest.approx(mean, rel=1e-11)
    square = integral(lambda x: (x - mean) ** 2 * interval.density(x, beta))
    assert interval.variance(beta) == pytest.approx(square, rel=1e-9)
    size = integral(lambda x: -interval.density(x, beta) * interval.log_density(x, beta))
    assert interval.entropy(beta) == pytest.approx(size, rel=1e-10, abs=1e-11)
    z = integral(lambda x: np.exp(-beta * (x - ends[0])))
    assert interval.log_partition(beta, "low") == pytest.approx(np.log(z), rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("beta", [1e15, 1e12, 1e3, 30.0])
def test_ends_of_the_range_against_mpmath(beta):
    interval = Interval(0.0, 1.0)
    with mp.workdps(50):
        gap = float(1 / mp.mpf(beta) - 1 / mp.expm1(mp.mpf(beta)))
    assert interval.mean(beta, "low") == pytest.approx(gap, rel=1e-15)
    assert interval.mean(-beta, "high") == pytest.approx(gap, rel=1e-15)
    assert interval.beta(gap, "low") == pytest.approx(beta, rel=1e-14)
    assert interval.beta(gap, "high") == pytest.approx(-beta, rel=1e-14)


@pytest.mark.parametrize("beta", [1e-15, 1e-8, 1e-3, 0.1])
def test_near_the_centre_against_mpmath(beta):
    interval = Interval(-1.0, 1.0)
    with mp.workdps(100):
        off = float(1 / mp.mpf(beta) - mp.coth(mp.mpf(beta)))
    for sign in (-1, 1):
        assert interval.mean(sign * beta, "centre") == pytest.approx(sign * off, rel=1e-15)
        assert interval.beta(sign * off, "centre") == pytest.approx(sign * beta, rel=1e-14)


@settings(max_examples=200, deadline=None)
@given(st.floats(-1e3, 1e3), st.floats(-6, 6), st.floats(-290, 0), st.sampled_from(["low", "high"]))
def test_mean_there_and_back(low, power, share, origin):
    interval = Interval(low, low + 10.0**power)
    target = interval.width * 10.0**share
    assert interval.mean(interval.beta(target, origin), origin) == pytest.approx(target, rel=1e-12)


@settings(max_examples=200, deadline=None)
@given(st.floats(-15, 15), st.booleans())
def test_beta_there_and_back(power, negative):
    interval = Interval(0.0, 1.0)
    beta = (-1.0 if negative else 1.0) * 10.0**power
    origin = "centre" if abs(beta) < 1 else "high" if negative else "low"
    assert interval.beta(interval.mean(beta, origin), origin) == pytest.approx(beta, rel=1e-12)


@settings(max_examples=200, deadline=None)
@given(st.floats(0.0, 1.0))
def test_plain_mean_there_and_back(share):
    interval = Interval(1e6, 1e6 + 3.0)
    target = min(1e6 + 3.0 * share, interval.high)
    assert interval.mean(interval.beta(target)) == pytest.approx(target, rel=1e-15)


def test_many_levels_are_an_interval():
    points = (np.arange(2000) + 0.5) / 2000
    levels, interval = Levels(points), Interval(0.0, 1.0)
    beta = np.array([-8.0, 0.0, 3.0])
    np.testing.assert_allclose(levels.mean(beta), interval.mean(beta), rtol=1e-5)
    np.testing.assert_allclose(levels.entropy(beta) - np.log(2000), interval.entropy(beta), atol=1e-5)


def test_ends_are_point_masses():
    interval = Interval(-1.0, 2.0)
    np.testing.assert_array_equal(interval.beta([-1.0, 2.0]), [np.inf, -np.inf])
    np.testing.assert_array_equal(interval.mean([np.inf, -np.inf]), [-1.0, 2.0])
    np.testing.assert_array_equal(interval.variance([np.inf, -np.inf]), 0.0)
    np.testing.assert_array_equal(interval.entropy([np.inf, -np.inf]), -np.inf)
    np.testing.assert_array_equal(interval.density([-1.0, 0.0, 2.0, 3.0], np.inf), [np.inf, 0.0, 0.0, 0.0])
    np.testing.assert_array_equal(interval.density([-1.0, 0.0, 2.0], -np.inf), [0.0, 0.0, np.inf])
    np.testing.assert_array_equal(interval.log_partition([np.inf, -np.inf]), [np.inf, np.inf])
    assert interval.log_partition(np.inf, "low") == -np.inf
    assert interval.beta(0.5) == 0.0


def test_other_origins_of_the_normaliser():
    interval = Interval(2.0, 6.0)
    for beta in (-1.0, 0.0, 0.5):
        low = interval.log_partition(beta, "low")
        assert interval.log_partition(beta) == pytest.approx(low - 2 * beta)
        assert interval.log_partition(beta, "high") == pytest.approx(low + 4 * beta)
        assert interval.log_partition(beta, "centre") == pytest.approx(low + 2 * beta)


def test_shapes_and_outside():
    interval = Interval(0.0, 1.0)
    beta = np.linspace(-3, 3, 6).reshape(2, 3)
    assert interval.density(np.zeros((4, 1, 1)), beta).shape == (4, 2, 3)
    np.testing.assert_array_equal(interval.density([-0.1, 1.1], 2.0), 0.0)
    np.testing.assert_allclose(interval.beta(interval.mean(beta)), beta, rtol=1e-12)
    assert interval.width == 1.0


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((1.0, 1.0), "low < high"),
        ((2.0, 1.0), "low < high"),
        ((np.nan, 1.0), "low is NaN"),
        ((0.0, np.inf), "finite"),
        ((-1e308, 1e308), "too long"),
        (([0.0, 1.0], 2.0), "one number"),
        (("a", 1.0), "must be a number"),
    ],
)
def test_bad_intervals(ends, words):
    with pytest.raises(ValueError, match=words):
        Interval(*ends)


def test_bad_arguments():
    interval = Interval(0.0, 1.0)
    for mean in (-1e-9, 1.1):
        with pytest.raises(ValueError, match="outside"):
            interval.beta(mean)
    for call in (
        lambda: interval.beta(np.nan),
        lambda: interval.mean(np.nan),
        lambda: interval.density(np.nan, 1.0),
    ):
        with pytest.raises(ValueError, match="NaN"):
            call()
    with pytest.raises(ValueError, match="origin"):
        interval.mean(0.0, "left")
