"""Curvature in the log-odds and where it changes sign. Oracle: mpmath, from the derivatives of the loss."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.theory.curvature import convexity_threshold, log_odds_curvature_ratio, unit_ratio_crossings
from focalbook.theory.loss import gain_crossing, gain_peak

GAMMAS = (0.01, 0.1, 0.5, 0.999, 1.0, 2.0, 5.0, 30.0, 1000.0)


def exact_ratio(q: mp.mpf, gamma: float) -> mp.mpf:
    """Second derivative of the loss in the log-odds over q (1 - q), by the quotient rule in closed form."""
    g = mp.mpf(gamma)
    slope = -((1 - q) ** g) / q + g * (1 - q) ** (g - 1) * mp.log(q)
    bend = (1 - q) ** g / q**2 + 2 * g * (1 - q) ** (g - 1) / q - g * (g - 1) * (1 - q) ** (g - 2) * mp.log(q)
    return bend * q * (1 - q) + slope * (1 - 2 * q)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_ratio_keeps_its_digits_up_to_both_ends(gamma):
    ends = [10.0 ** -np.arange(1, 300, 7.0), 1 - 2.0 ** -np.arange(6, 53)]
    q = np.concatenate([*ends, np.linspace(0.02, 0.98, 49)])
    got = log_odds_curvature_ratio(q, gamma)
    with mp.workdps(700):  # the terms of the oracle cancel from 1/q to log q
        for x, value in zip(map(float, q), got, strict=True):
            want = exact_ratio(mp.mpf(x), gamma)
            scale = (1 - mp.mpf(x)) ** gamma / 1000  # next to the sign change relative errors mean nothing
            error = abs(mp.mpf(float(value)) - want) / max(abs(want), scale, mp.mpf("1e-300"))
            assert error < 2e-12 * (1 + gamma), x


def test_ratio_of_two_classes_by_differences_of_the_loss():
    with mp.workdps(50):
        for gamma in (0.5, 2.0):
            for q in (0.03, 0.4, 0.9):
                start = mp.log(mp.mpf(q) / (1 - mp.mpf(q)))

                def loss(t, gamma=gamma):
                    p = 1 / (1 + mp.exp(-t))
                    return -((1 - p) ** mp.mpf(gamma)) * mp.log(p)

                want = mp.diff(loss, start, 2) / (mp.mpf(q) * (1 - mp.mpf(q)))
                assert float(log_odds_curvature_ratio(q, gamma)) == pytest.approx(float(want), rel=1e-13)


def test_ends_and_gamma_zero():
    assert log_odds_curvature_ratio([0.0, 1.0], 2.0).tolist() == [-np.inf, 0.0]
    assert log_odds_curvature_ratio([0.0, 0.3, 1.0], 0.0).tolist() == [1.0, 1.0, 1.0]


def root(f, near: float, digits: int = 150) -> float:
    """A root of f next to a number, which must be within a few units in its last place."""
    with mp.workdps(digits):
        width = mp.mpf(near) * mp.mpf(10) ** -9
        low, high = mp.mpf(near) - width, mp.mpf(near) + width
        assert f(low) * f(high) < 0
        return float(mp.findroot(f, (low, high), solver="anderson"))


@pytest.mark.parametrize("gamma", GAMMAS)
def test_threshold_and_crossings_are_roots(gamma):
    threshold = float(convexity_threshold(gamma))
    low, high = map(float, unit_ratio_crossings(gamma))
    assert threshold == pytest.approx(
        root(lambda q: exact_ratio(q, gamma), threshold), rel=5e-15 / min(gamma, 1)
    )
    for end in (low, high):
        assert end == pytest.approx(root(lambda q: exact_ratio(q, gamma) - 1, end), rel=1e-12)
    assert threshold < low < gain_peak(gamma) < gain_crossing(gamma) < high


def test_threshold_is_never_large():
    gammas = np.geomspace(0.01, 1000, 400)
    assert convexity_threshold(gammas).max() < 0.0585
    assert abs(gammas[convexity_threshold(gammas).argmax()] - 2.4) < 0.1
    assert (convexity_threshold(gammas) <= np.exp(-2 - 1 / gammas) * (1 + 1e-12)).all()


def test_shapes_are_those_of_the_arguments():
    assert np.ndim(convexity_threshold(2.0)) == 0
    low, high = unit_ratio_crossings(np.ones((2, 3)))
    assert low.shape == high.shape == (2, 3)
    assert log_odds_curvature_ratio(np.full((2, 1), 0.5), np.ones(3)).shape == (2, 3)


@pytest.mark.parametrize("function", [convexity_threshold, unit_ratio_crossings])
def test_no_threshold_without_a_focal_weight(function):
    with pytest.raises(ValueError, match="gamma must be above 0 here"):
        function(0.0)


def test_bad_probability():
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\], got 1.5"):
        log_odds_curvature_ratio(1.5, 1.0)
