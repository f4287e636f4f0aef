"""Minimiser, multiplier, Bayes risk and recovery against mpmath at 50 digits, closed forms and SciPy."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import example, given, settings, target
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize

import focalbook as fb
from focalbook.theory.entropy import complement
from tests.oracles import DIGITS, mp_loss, mp_minimizer, relative_error

TINY = np.finfo(float).tiny
WITHIN = 1e-12  # the accuracy promised in the docstring
ROUND_TRIP = 1e-11


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, float]:
    """Masses over up to 300 decades, equal heads, a mass within 1e-16 of one; gamma from 1e-3 to 1e3."""
    exponents = st.one_of(
        st.floats(-2.0, 0.0), st.floats(-300.0, 0.0), st.sampled_from([0.0, -16.0, -17.0, -300.0])
    )
    logs = np.array(draw(st.lists(exponents, min_size=2, max_size=8)))
    p = 10.0 ** (logs - logs.max())
    gamma = draw(
        st.one_of(st.floats(-3.0, 3.0).map(lambda e: 10.0**e), st.sampled_from([1e-3, 0.5, 1.0, 2.0, 1e3]))
    )
    return p / p.sum(), gamma


@settings(max_examples=300, deadline=None)
@given(problems())
@example((np.array([1.0, 1e-300]), 1e3))
@example((np.array([1.0, 1e-300, 1e-17]), 1e-3))
@example((np.full(8, 0.125), 2.0))
def test_every_component_and_the_multiplier_match_mpmath(problem):
    p, gamma = problem
    q = fb.minimizer(p, gamma)
    exact, multiplier, rest = mp_minimizer(p, gamma, q)  # oracle: Newton in linear variables at 50 digits
    with mp.workdps(DIGITS):
        level = float(abs(float(fb.log_multiplier(p, gamma)) - mp.log(multiplier)))
    worst = {
        "component": max(relative_error(a, b) for a, b in zip(q, exact, strict=True)),
        "multiplier": level,
        "complement": relative_error(complement(q[None])[0, int(np.argmax(q))], rest),
    }
    for name, error in worst.items():  # the search looks for large errors; statistics show the largest
        target(np.log10(max(error, 1e-17)), label=f"log10 of the relative error, {name}")
        assert error < WITHIN, name


@settings(max_examples=300, deadline=None)
@given(problems())
def test_recovery_returns_the_posterior(problem):
    p, gamma = problem
    back = fb.recover(fb.minimizer(p, gamma), gamma)
    normal = p > 1e-290
    error = np.abs(back[normal] / p[normal] - 1).max()
    target(np.log10(max(error, 1e-17)), label="log10 of the relative error of the round trip")
    assert error < ROUND_TRIP  # oracle: the round trip
    rest, rest_back = complement(p[None])[0], complement(back[None])[0]
    keep = normal & (rest > 1e-290)
    np.testing.assert_allclose(rest_back[keep], rest[keep], rtol=ROUND_TRIP)


@settings(max_examples=200, deadline=None)
@given(problems())
def test_kkt_conditions_hold(problem):
    p, gamma = problem
    q = fb.minimizer(p, gamma)
    with mp.workdps(
        DIGITS
    ):  # oracle: phi at 50 digits; a step of 1e-12 in q moves log phi by up to 1e-12 (1 + gamma)
        c = [mp.mpf(float(x)) for x in complement(q[None])[0]]
        log_lam = mp.mpf(float(fb.log_multiplier(p, gamma)))
        for pi, qi, ci in zip(p, q, c, strict=True):
            from_class = mp.log(mp.mpf(float(pi))) + mp.log(_slope(mp.mpf(float(qi)), ci, gamma))
            assert abs(from_class - log_lam) < WITHIN * (2 + gamma)


def _slope(q: mp.mpf, c: mp.mpf, gamma: float) -> mp.mpf:
    log_q = mp.log(q) if q < 0.5 else mp.log1p(-c)
    return c**gamma / q - gamma * c ** (mp.mpf(gamma) - 1) * log_q


@pytest.mark.parametrize(("classes", "gamma"), [(1000, 2.0), (1000, 1e-3), (300, 1e3), (200, 0.5)])
def test_many_classes_match_mpmath(classes, gamma):
    rng = np.random.default_rng(classes)
    p = np.exp(-(rng.uniform(0, 1, classes) ** 4) * 600)
    p /= p.sum()
    q = fb.minimizer(p, gamma)
    exact, multiplier, _ = mp_minimizer(p, gamma, q)  # oracle: mpmath at 50 digits
    assert max(relative_error(a, b) for a, b in zip(q, exact, strict=True)) < WITHIN
    assert relative_error(fb.multiplier(p, gamma), multiplier) < WITHIN


def test_a_million_classes_satisfy_the_conditions():
    p = np.random.default_rng(1).dirichlet(np.ones(10**6))
    q = fb.minimizer(p, 2.0)
    assert q.sum() == pytest.approx(1.0, abs=1e-12)
    ratios = p * fb.focal_slope(q, 2.0) / fb.multiplier(p, 2.0)  # oracle: the KKT conditions
    assert np.abs(ratios - 1).max() < 1e-12


@pytest.mark.parametrize("gamma", [0.25, 1.0, 3.0])
def test_agrees_with_a_general_purpose_optimiser(gamma):
    rng = np.random.default_rng(9)
    p = rng.dirichlet(np.ones(4) * 3)

    def objective(z: np.ndarray) -> float:
        q = np.exp(z - z.max())
        return float(fb.focal_entropy(p, q / q.sum(), gamma))

    z = minimize(objective, np.log(p), method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-15}).x
    q = np.exp(z - z.max())
    np.testing.assert_allclose(fb.minimizer(p, gamma), q / q.sum(), atol=1e-6)  # oracle: SciPy's Nelder-Mead
    assert fb.bayes_risk(p, gamma) <= objective(np.log(p)) + 1e-15


def test_two_classes_match_a_scalar_root():
    for e, g in [(0.3, 0.5), (1e-4, 2.0), (1e-12, 5.0)]:
        root = brentq(lambda t: _two_class(t, e, g), -80, 0, xtol=1e-15)  # noqa: B023 - used at once; oracle: brentq
        assert fb.minimizer([1 - e, e], g)[1] == pytest.approx(1 / (1 + np.exp(-root)), rel=1e-12)


def _two_class(t: float, e: float, g: float) -> float:
    q = 1 / (1 + np.exp(-t))
    left = np.log(e) + np.log((1 - q) ** g / q - g * (1 - q) ** (g - 1) * np.log(q))
    return left - np.log(1 - e) - np.log(q**g / (1 - q) - g * q ** (g - 1) * np.log1p(-q))


def test_uniform_zero_and_one_hot_rows_are_exact():
    np.testing.assert_allclose(fb.minimizer(np.full(7, 1 / 7), 3.0), 1 / 7, rtol=1e-15)  # closed form
    p = np.array([[0.0, 0.25, 0.75, 0.0], [0.0, 0.0, 1.0, 0.0]])
    q = fb.minimizer(p, 2.0)
    np.testing.assert_array_equal(q == 0, p == 0)
    np.testing.assert_allclose(
        q[0, 1:3], fb.minimizer(p[0, 1:3], 2.0), rtol=1e-15
    )  # oracle: without the zeros
    np.testing.assert_array_equal(q[1], p[1])
    np.testing.assert_array_equal(fb.multiplier(p, 2.0)[1], 0.0)
    np.testing.assert_array_equal(fb.recover(p, 2.0)[1], p[1])
    np.testing.assert_array_equal(fb.recover(p, 2.0) == 0, p == 0)
    assert fb.bayes_risk(p, 2.0)[1] == 0.0


def test_gamma_zero_changes_nothing():
    p = np.random.default_rng(2).dirichlet(np.ones(5), 3)
    np.testing.assert_array_equal(fb.minimizer(p, 0.0), p)
    np.testing.assert_array_equal(fb.recover(p, 0.0), p)
    np.testing.assert_allclose(fb.multiplier(p, 0.0), 1.0, rtol=1e-15)
    np.testing.assert_allclose(fb.bayes_risk(p, 0.0), fb.entropy(p), rtol=1e-14)


def test_one_gamma_for_each_distribution_zero_included():
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.ones(4), (3, 5))
    g = rng.choice([0.0, 0.5, 2.0, 40.0], (3, 5))
    q, lam = fb.minimizer(p, g), fb.multiplier(p, g)
    for i in range(3):  # oracle: one at a time
        for j in range(5):
            np.testing.assert_allclose(q[i, j], fb.minimizer(p[i, j], g[i, j]), rtol=1e-13)
            np.testing.assert_allclose(lam[i, j], fb.multiplier(p[i, j], g[i, j]), rtol=1e-13)
    np.testing.assert_allclose(fb.recover(q, g), p, rtol=1e-12)


def test_the_class_axis_can_be_anywhere():
    p = np.random.default_rng(4).dirichlet(np.ones(6), (2, 3))
    q = fb.minimizer(p, 1.5)
    for axis in (0, 1, 2, -1, -2):  # oracle: NumPy's moveaxis
        moved = np.moveaxis(p, -1, axis)
        np.testing.assert_array_equal(fb.minimizer(moved, 1.5, axis=axis), np.moveaxis(q, -1, axis))
        np.testing.assert_array_equal(fb.recover(moved, 1.5, axis), np.moveaxis(fb.recover(p, 1.5), -1, axis))
        np.testing.assert_array_equal(fb.multiplier(moved, 1.5, axis), fb.multiplier(p, 1.5))


def test_multiplier_is_the_mean_gain():
    p = np.random.default_rng(5).dirichlet(np.ones(6), 20)
    q = fb.minimizer(p, 2.0)
    np.testing.assert_allclose(
        fb.multiplier(p, 2.0), (p * fb.focal_gain(q, 2.0)).sum(-1), rtol=1e-13
    )  # identity


def test_bayes_risk_is_the_focal_entropy_at_the_minimiser():
    rng = np.random.default_rng(6)
    p = np.vstack([rng.dirichlet(np.ones(5), 20), [1.0, 1e-18, 1e-100, 1e-300, 0.0]])
    for gamma in (0.5, 2.0, 30.0):
        q = fb.minimizer(p, gamma)
        np.testing.assert_allclose(fb.bayes_risk(p, gamma), fb.focal_entropy(p, q, gamma), rtol=1e-12)
    # closed form for uniform masses
    assert fb.bayes_risk(np.full(10, 0.1), 2.0) == pytest.approx(0.9**2 * np.log(10), rel=1e-14)
    exact, _, rest = mp_minimizer([1.0, 1e-18], 2.0, fb.minimizer([1.0, 1e-18], 2.0))  # oracle: mpmath
    with mp.workdps(DIGITS):
        risk = mp_loss(exact[0], rest, mp.mpf(2)) + mp.mpf(1e-18) * mp_loss(exact[1], exact[0], mp.mpf(2))
    assert relative_error(fb.bayes_risk([1.0, 1e-18], 2.0), risk) < 1e-12


def test_weights_undo_the_weighted_minimiser():
    rng = np.random.default_rng(7)
    p, w = rng.dirichlet(np.ones(5), 30), np.array([0.25, 0.75, 3.0, 1.0, 10.0])
    tilted = p * w / (p * w).sum(-1, keepdims=True)
    for gamma in (0.0, 0.5, 2.0, 10.0):
        q = fb.minimizer(tilted, gamma)  # oracle: the weighted loss of P is the plain loss of P' ~ w P
        np.testing.assert_allclose(fb.recover(q, gamma, weights=w), p, rtol=1e-11)
        np.testing.assert_allclose(fb.recover(q, gamma, weights=7 * w), p, rtol=1e-11)


def test_recovery_keeps_the_order_of_the_classes():
    q = np.random.default_rng(8).dirichlet(np.ones(9), 50)
    for gamma in (0.1, 1.0, 25.0):
        np.testing.assert_array_equal(np.argsort(fb.recover(q, gamma)), np.argsort(q))  # oracle: claim FE-6


def test_recovery_reads_the_complement_off_the_small_classes():
    q = np.array([1.0, 1e-20, 3e-25])  # q_max rounds to one
    with mp.workdps(DIGITS):  # oracle: the closed form at 50 digits
        small = [mp.mpf(1e-20), mp.mpf(3e-25)]
        rest = mp.fsum(small)
        weights = [1 / _slope(1 - rest, rest, 2.0)] + [1 / _slope(x, 1 - x, 2.0) for x in small]
        exact = [w / mp.fsum(weights) for w in weights]
    p = fb.recover(q, 2.0)
    assert max(relative_error(a, b) for a, b in zip(p, exact, strict=True)) < 1e-13


def test_logits_are_recovered_like_their_softmax():
    z = np.array([[0.0, -2.0, -50.0], [300.0, 1.0, -300.0]])
    with mp.workdps(DIGITS):  # oracle: softmax and closed form at 50 digits
        for row, p in zip(z, fb.recover_logits(z, 1.5), strict=True):
            odds = [mp.e ** mp.mpf(float(x)) for x in row]
            q = [o / mp.fsum(odds) for o in odds]
            comp = [mp.fsum(odds[:i] + odds[i + 1 :]) / mp.fsum(odds) for i in range(3)]
            weights = [1 / _slope(a, c, 1.5) for a, c in zip(q, comp, strict=True)]
            exact = [w / mp.fsum(weights) for w in weights]
            assert max(relative_error(a, b) for a, b in zip(p, exact, strict=True)) < 1e-12
    assert fb.recover_logits(z.astype(np.float32), 1.5).dtype == np.float64


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fb.recover([0.5, 0.5], 1.0, weights=[1.0, 2.0, 3.0]), "one entry for each of the 2 classes"),
        (lambda: fb.recover([0.5, 0.5], 1.0, weights=[1.0, 0.0]), "weights must be finite and above 0"),
        (lambda: fb.recover([0.5, 0.5], 1.0, weights=[1.0, np.nan]), "weights must be finite and above 0"),
        (lambda: fb.recover_logits([np.inf, 0.0], 1.0), "logits must be finite"),
        (lambda: fb.recover_logits([1, 0], 1.0), "logits is an array of int64"),
        (lambda: fb.recover_logits(np.zeros((2, 0)), 1.0), "no classes along axis -1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        call()
    assert message in str(caught.value)
