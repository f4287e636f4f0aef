"""Zones against the minimiser itself, mpmath roots and closed forms."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import focalbook as fb
from focalbook.theory.loss import gain_crossing, gain_maximum, gain_peak
from focalbook.theory.zones import ONE, TWO
from tests.oracles import DIGITS, mp_slope, relative_error

HEADS_AND_TAIL = np.r_[np.full(7, 0.1), np.full(300, 0.001)]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-12.0, 0.0), min_size=2, max_size=30), st.floats(0.01, 100.0))
def test_zones_say_what_the_minimiser_does(logs, gamma):
    p = np.exp(np.array(logs))
    p /= p.sum()
    q = fb.minimizer(p, gamma)
    moved = np.abs(q / p - 1) > 1e-9
    code = fb.classify(p, gamma)
    np.testing.assert_array_equal((code > 0)[moved], (q > p)[moved])  # oracle: q > p from the minimiser
    z = fb.zones(p, gamma)
    inside = (p > z.p_low) & (p < z.p_high)
    np.testing.assert_array_equal(inside[moved], (q > p)[moved])
    assert (z.regime == TWO) == (z.multiplier > 1)


@pytest.mark.parametrize("gamma", [0.01, 0.5, 1.0, 2.0, 20.0])
def test_thresholds_solve_h_of_p_is_lambda(gamma):
    z = fb.zones(HEADS_AND_TAIL, gamma)
    with mp.workdps(
        DIGITS
    ):  # oracle: the gain at 50 digits; steep or flat, judged by the residual's effect on p
        for p in filter(None, (z.p_low, z.p_high)):
            exact = mp.mpf(p) * mp_slope(mp.mpf(p), 1 - mp.mpf(p), mp.mpf(gamma))
            slope = abs(float(fb.theory.loss.focal_gain_derivative(p, gamma)))
            assert abs(exact - mp.mpf(z.multiplier)) < 1e-11 * slope * p + 1e-13


def test_the_worked_example_over_suppresses_its_tail():
    z = fb.zones(HEADS_AND_TAIL, 1.0)
    assert z.regime == TWO
    assert 0.001 < z.p_low < gain_peak(1.0) < 0.1 * 2 < z.p_high < gain_crossing(1.0)
    np.testing.assert_array_equal(fb.classify(HEADS_AND_TAIL, 1.0), np.r_[np.full(7, 1), np.full(300, -2)])
    q = fb.minimizer(HEADS_AND_TAIL, 1.0)  # oracle: claim FE-11, the bound on over-suppression
    assert 1 / gain_maximum(1.0) <= 1 / z.multiplier <= q[-1] / 0.001 < 1


@given(st.floats(1e-6, 0.499), st.floats(0.01, 50.0))
def test_two_classes_never_over_suppress(e, gamma):
    z = fb.zones([1 - e, e], gamma)
    assert z.regime == ONE  # oracle: claim FE-10
    np.testing.assert_array_equal(fb.classify([1 - e, e], gamma), [-1, 1])


def test_special_distributions():
    np.testing.assert_array_equal(fb.classify(np.full(4, 0.25), 2.0), 0)  # closed form: uniform stays
    one_hot = fb.zones([1.0, 0.0], 2.0)
    assert (one_hot.multiplier, one_hot.p_low, one_hot.p_high, one_hot.regime) == (0.0, 0.0, 1.0, ONE)
    np.testing.assert_array_equal(fb.classify([1.0, 0.0], 2.0), 0)
    still = fb.zones([0.3, 0.7], 0.0)
    assert (still.multiplier, still.p_low, still.p_high, still.regime) == (1.0, 0.0, 1.0, ONE)
    np.testing.assert_array_equal(fb.classify([0.3, 0.7], 0.0), 0)


def test_uniform_over_the_peak_merges_the_thresholds():
    # a uniform P on n classes has lambda = h(1/n), so 1/n is one of the thresholds; oracle: closed form
    for n, name in [(20, "p_low"), (4, "p_high")]:
        z = fb.zones(np.full(n, 1 / n), 1.0)
        assert getattr(z, name) == pytest.approx(1 / n, rel=1e-10)
        assert z.multiplier == pytest.approx(fb.focal_gain(1 / n, 1.0), rel=1e-13)


def test_batches_and_axes():
    p = np.random.default_rng(0).dirichlet(np.ones(6) * 0.5, (2, 3))
    z, code = fb.zones(p, 1.0), fb.classify(p, 1.0)
    for i in range(2):  # oracle: one at a time
        for j in range(3):
            single = fb.zones(p[i, j], 1.0)
            for name in ("multiplier", "p_low", "p_high"):
                assert getattr(z, name)[i, j] == pytest.approx(getattr(single, name), rel=1e-12)
            assert z.regime[i, j] == single.regime
    np.testing.assert_array_equal(fb.classify(np.moveaxis(p, -1, 0), 1.0, axis=0), np.moveaxis(code, -1, 0))
    assert (
        relative_error(fb.zones(p[0, 0], 1.0).multiplier, mp.mpf(float(fb.multiplier(p[0, 0], 1.0)))) < 1e-14
    )
