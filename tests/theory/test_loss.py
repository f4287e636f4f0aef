"""Loss, slope, gain and their derivatives against mpmath and SymPy's own differentiation."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from focalbook.theory import loss
from tests.oracles import DIGITS, mp_curvature, mp_slope, relative_error

GAMMAS = [0.0, 1e-3, 0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 20.0, 150.0]
POINTS = [
    1e-300,
    1e-150,
    1e-17,
    1e-9,
    1e-3,
    0.1,
    0.25,
    0.4999,
    0.5,
    0.5001,
    0.9,
    1 - 1e-5,
    1 - 1e-12,
    1 - 2**-53,
]
GRID = [(q, g) for q in POINTS for g in GAMMAS]


def exact(q: float, g: float) -> dict[str, mp.mpf]:
    """Every quantity from the formulas of the paper, with digits to spare for their cancellations."""
    with mp.workdps(400):
        q_, g_ = mp.mpf(q), mp.mpf(g)
        c = 1 - q_
        log_q = mp.log(q_)
        slope = mp_slope(q_, c, g_)
        return {
            "loss": c**g_ * -log_q,
            "slope": slope,
            "gain": q_ * slope,
            "curvature": mp_curvature(q_, c, g_),
            "gain_derivative": slope - q_ * mp_curvature(q_, c, g_),
        }


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("loss", loss.focal_loss),
        ("slope", loss.focal_slope),
        ("gain", loss.focal_gain),
        ("curvature", loss.focal_curvature),
        ("gain_derivative", loss.focal_gain_derivative),
    ],
)
def test_values_match_mpmath_over_the_whole_range(name, function):
    # oracle: mpmath at 400 digits; 1e-13 leaves room for c**gamma at gamma = 150 (gamma |log c| eps)
    for q, g in GRID:
        reference = exact(q, g)[name]
        if abs(reference) > mp.mpf("1e300"):
            assert abs(function(q, g)) > 1e299
            continue
        if name == "gain_derivative" and g == 0:
            assert function(q, g) == 0.0
            continue
        tolerance = 1e-13 * (1 + g / 10)
        assert relative_error(function(q, g), reference) < tolerance, (name, q, g)


def test_log_slope_is_usable_where_the_slope_overflows():
    for q, g in [(1e-300, 2.0), (1 - 2**-53, 150.0), (1 - 1e-12, 1000.0)]:
        with mp.workdps(DIGITS + 30):  # oracle: mpmath
            reference = mp.log(exact(q, g)["slope"])
        assert relative_error(loss.log_focal_slope(q, g), reference) < 1e-13


def test_formulas_are_the_derivatives_sympy_takes():
    # oracle: SymPy differentiates l; the package's closed forms are compared with it at 40 digits
    q, g = sp.symbols("q gamma", positive=True)
    ell = (1 - q) ** g * -sp.log(q)
    first, second = -sp.diff(ell, q), sp.diff(ell, q, 2)
    gain_slope = sp.diff(q * first, q)
    for qv, gv in [(0.013, 0.4), (0.2, 1.0), (0.37, 2.5), (0.71, 0.7), (0.93, 6.0)]:
        at = {q: sp.Float(qv, 40), g: sp.Float(gv, 40)}
        assert loss.focal_slope(qv, gv) == pytest.approx(float(first.subs(at)), rel=1e-13)
        assert loss.focal_curvature(qv, gv) == pytest.approx(float(second.subs(at)), rel=1e-13)
        assert loss.focal_gain_derivative(qv, gv) == pytest.approx(
            float(gain_slope.subs(at)), rel=1e-12, abs=1e-13
        )


@pytest.mark.parametrize("g", [0.5, 1.0, 2.0, 4.0])
def test_slope_integrates_to_the_loss(g):
    # oracle: quadrature, l(a) = integral of phi from a to 1
    area, _ = quad(lambda q: loss.focal_slope(q, g), 0.05, 1.0, epsabs=1e-13)
    assert area == pytest.approx(loss.focal_loss(0.05, g), rel=1e-9)


def test_limits_at_the_ends_are_exact():
    g = np.array([0.0, 0.5, 1.0, 2.0])
    # oracle: the limits, derived by hand and checked symbolically in the chapters
    np.testing.assert_array_equal(loss.focal_loss(0.0, g), np.inf)
    np.testing.assert_array_equal(loss.focal_loss(1.0, g), 0.0)
    np.testing.assert_array_equal(loss.focal_slope(0.0, g), np.inf)
    np.testing.assert_array_equal(loss.focal_slope(1.0, g), [1.0, 0.0, 0.0, 0.0])
    np.testing.assert_array_equal(loss.focal_slope(5e-324, g), np.inf)
    np.testing.assert_array_equal(loss.focal_gain(0.0, g), 1.0)
    np.testing.assert_array_equal(loss.focal_gain(1.0, g), [1.0, 0.0, 0.0, 0.0])
    np.testing.assert_array_equal(loss.focal_curvature(0.0, g), np.inf)
    np.testing.assert_array_equal(loss.focal_curvature(1.0, g), [1.0, np.inf, 2.0, 0.0])
    np.testing.assert_array_equal(loss.focal_gain_derivative(0.0, g), [0.0, np.inf, np.inf, np.inf])
    np.testing.assert_array_equal(loss.focal_gain_derivative(1.0, g), [0.0, -np.inf, -2.0, 0.0])


def test_peak_and_crossing_at_gamma_one_have_closed_forms():
    # oracle: closed forms at gamma = 1
    assert loss.gain_peak(1.0) == pytest.approx(np.exp(-2.0), rel=1e-15)
    assert loss.gain_maximum(1.0) == pytest.approx(1.0 + np.exp(-2.0), rel=1e-15)
    assert loss.gain_crossing(1.0) == pytest.approx(np.exp(-1.0), rel=1e-14)


@pytest.mark.parametrize("g", [1e-3, 0.1, 0.7, 1.0, 2.0, 5.0, 30.0, 1e3])
def test_peak_and_crossing_match_mpmath_roots(g):
    with mp.workdps(DIGITS):  # oracle: mpmath's own root finder on the formulas of the paper
        gain = lambda p: p * mp_slope(p, 1 - p, mp.mpf(g))  # noqa: E731
        near = [
            (x, x * mp.mpf("1.0001"))
            for x in map(mp.mpf, (loss.gain_peak(g).item(), loss.gain_crossing(g).item()))
        ]
        peak = mp.findroot(lambda p: mp.diff(gain, p), near[0])
        cross = mp.findroot(lambda p: gain(p) - 1, near[1])
    assert relative_error(loss.gain_peak(g), peak) < 1e-13
    assert relative_error(loss.gain_crossing(g), cross) < 1e-11 if g < 0.1 else 1e-13
    assert loss.gain_peak(g) < loss.gain_crossing(g) < 0.5


def test_peak_takes_arrays():
    g = np.array([[0.5, 1.0], [2.0, 5.0]])
    expected = [[loss.gain_peak(x) for x in row] for row in g]  # oracle: one at a time
    np.testing.assert_allclose(loss.gain_peak(g), expected, rtol=1e-15)


@given(st.floats(-700.0, np.log(0.5)), st.floats(1e-3, 1e3))
def test_inverse_slope_undoes_the_slope(log_q, g):
    q = float(np.exp(log_q))
    s = loss.focal_slope(q, g)
    if 0 < s < np.inf:  # oracle: the round trip
        assert loss.inverse_slope(s, g) == pytest.approx(q, rel=2e-12)


def test_inverse_slope_at_its_ends():
    assert loss.inverse_slope(np.inf, 2.0) == 0.0
    assert loss.inverse_slope(0.0, 2.0) == 1.0
    assert loss.inverse_slope(4.0, 0.0) == 0.25  # closed form: phi(q) = 1/q at gamma = 0


@given(st.floats(0.0, 1.0), st.floats(0.0, 100.0))
def test_gain_is_bounded_by_its_maximum(q, g):
    h = loss.focal_gain(q, g)
    assert h >= 0
    assert h <= (loss.gain_maximum(g) * (1 + 1e-14) if g > 0 else 1.0)  # oracle: claim FE-8


@given(st.floats(1e-12, 1.0 - 1e-12), st.floats(1e-12, 1.0 - 1e-12), st.floats(1e-3, 50.0))
def test_slope_decreases(a, b, g):
    low, high = sorted((a, b))
    assert loss.log_focal_slope(low, g) >= loss.log_focal_slope(high, g) - 1e-12  # oracle: claim FE-5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: loss.focal_loss(1.5, 1.0), "q must lie in [0, 1], got 1.5"),
        (lambda: loss.focal_gain(-0.1, 1.0), "got -0.1"),
        (lambda: loss.focal_slope(np.nan, 1.0), "got nan"),
        (lambda: loss.focal_loss(0.5, -1.0), "gamma must be finite and at least 0, got -1.0"),
        (lambda: loss.focal_loss(0.5, np.inf), "got inf"),
        (lambda: loss.focal_loss("half", 1.0), "q must hold numbers"),
        (lambda: loss.focal_loss(0.5, "two"), "gamma must be a number"),
        (lambda: loss.gain_peak(0.0), "gamma must be above 0"),
        (lambda: loss.inverse_slope(-1.0, 1.0), "s must be at least 0"),
        (lambda: loss.inverse_slope(0.5, 0.0), "at least 1 where gamma = 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        call()
    assert message in str(caught.value)
