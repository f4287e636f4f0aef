"""One-against-rest recovery against a direct search, the two-class minimiser and mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

import focalbook as fb
from focalbook.theory.sigmoid import recover_sigmoid, recover_sigmoid_logits, sigmoid_minimizer
from tests.oracles import DIGITS, mp_slope, relative_error


@pytest.mark.parametrize(("p", "gamma", "alpha"), [(0.03, 2.0, 0.25), (0.4, 0.5, 0.5), (0.9, 5.0, 0.8)])
def test_minimizer_is_the_bottom_of_the_loss(p, gamma, alpha):
    def risk(q: float) -> float:
        present = alpha * (1 - q) ** gamma * -np.log(q)
        return p * present + (1 - p) * (1 - alpha) * q**gamma * -np.log1p(-q)

    found = minimize_scalar(risk, bounds=(1e-9, 1 - 1e-9), method="bounded", options={"xatol": 1e-12}).x
    assert sigmoid_minimizer(p, gamma, alpha) == pytest.approx(
        found, abs=1e-7
    )  # oracle: SciPy's bounded search


@given(st.floats(1e-12, 1 - 1e-9), st.floats(0.0, 20.0), st.floats(0.01, 0.99))
def test_recovery_undoes_the_minimizer(p, gamma, alpha):
    q = sigmoid_minimizer(p, gamma, alpha)
    back = recover_sigmoid(q, gamma, alpha)  # oracle: the round trip
    assert back == pytest.approx(p, rel=1e-6 if q > 0.999 else 1e-10)


def test_without_alpha_it_is_the_two_class_inverse():
    q = np.array([0.001, 0.2, 0.7])
    pairs = fb.recover(np.stack([q, 1 - q], axis=-1), 2.0)[:, 0]  # oracle: recover on two classes
    np.testing.assert_allclose(recover_sigmoid(q, 2.0), pairs, rtol=1e-13)
    np.testing.assert_array_equal(recover_sigmoid([0.0, 1.0], 2.0, 0.25), [0.0, 1.0])


def test_logits_keep_both_ends():
    for t in (-300.0, -20.0, 0.3, 20.0, 300.0):
        with mp.workdps(400):  # oracle: the closed form in high precision
            q = 1 / (1 + mp.e ** -mp.mpf(t))
            up, down = mp_slope(1 - q, q, mp.mpf(2)), mp_slope(q, 1 - q, mp.mpf(2))
            p = mp.mpf(0.75) * up / (mp.mpf(0.75) * up + mp.mpf(0.25) * down)
            exact = +p
        assert relative_error(recover_sigmoid_logits(t, 2.0, 0.25), exact) < 1e-12


def test_gamma_zero_with_alpha_only_shifts_the_log_odds():
    with mp.workdps(DIGITS):
        p = mp.mpf("0.3") * mp.mpf("0.75") / (mp.mpf("0.3") * mp.mpf("0.75") + mp.mpf("0.7") * mp.mpf("0.25"))
    assert recover_sigmoid(0.3, 0.0, 0.25) == pytest.approx(float(p), rel=1e-14)  # closed form: Bayes' rule


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: recover_sigmoid(1.2, 2.0), "q must lie in [0, 1], got 1.2"),
        (lambda: recover_sigmoid(0.2, 2.0, 1.0), "alpha must lie strictly between 0 and 1, got 1.0"),
        (lambda: recover_sigmoid(0.2, -2.0), "gamma must be finite"),
        (lambda: recover_sigmoid_logits(np.nan, 2.0), "logits must be finite"),
        (lambda: sigmoid_minimizer(-0.2, 2.0), "p must lie in [0, 1], got -0.2"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        call()
    assert message in str(caught.value)
