"""Efficiency, best thresholds and crossings. Oracles: mpmath at 50 digits, search over all thresholds."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.onebit import Poisson
from focalbook.onebit.thresholds import (
    CROSSING_CURVE,
    CROSSING_SHIFT,
    LIMIT,
    best_efficiency,
    best_threshold,
    crossing,
    crossing_expansion,
    efficiency,
    efficiency_bound,
    efficiency_expansion,
    log_ratio,
)

DIGITS = 50


def mp_log_efficiency(tau: float, mu: mp.mpf) -> mp.mpf:
    """From mpmath's incomplete gamma function, for real thresholds."""
    t = mp.mpf(tau)
    one, zero = mp.gammainc(t, 0, mu, regularized=True), mp.gammainc(t, mu, mp.inf, regularized=True)
    return 2 * ((t - 1) * mp.log(mu) - mu - mp.loggamma(t)) + mp.log(mu) - mp.log(one) - mp.log(zero)


@pytest.mark.parametrize(
    ("tau", "mu"), [(1, 1e-6), (1, 300.0), (3, 1e-4), (7, 6.5), (90, 60.0), (400, 410.0)]
)
def test_efficiency_against_incomplete_gamma(tau: int, mu: float) -> None:
    with mp.workdps(DIGITS):
        want = float(mp.exp(mp_log_efficiency(tau, mp.mpf(mu))))
        ratio = float(mp_log_efficiency(tau + 1, mp.mpf(mu)) - mp_log_efficiency(tau, mp.mpf(mu)))
    assert efficiency(tau, mu) == pytest.approx(want, rel=1e-11)
    assert log_ratio(tau, mu) == pytest.approx(ratio, rel=1e-12)


def test_efficiency_is_the_quotient_of_informations() -> None:
    """Oracle: the fitted model's own two informations."""
    for tau, mu in ((1, 0.3), (4, 7.0), (50, 44.0)):
        model = Poisson(exposure=1.0, tau=tau)
        want = model.fisher_information(mu) / model.uncensored_information(mu)
        assert efficiency(tau, mu) == pytest.approx(want[0, 0], rel=1e-12)


def test_efficiency_is_a_squared_correlation() -> None:
    """Oracle: moments of the first 200 masses."""
    j = np.arange(200)
    for tau, mu in ((1, 2.0), (5, 3.0), (12, 12.5)):
        p = np.exp(j * np.log(mu) - mu - np.array([float(mp.loggamma(n + 1)) for n in j]))
        bit = j >= tau
        share = p[bit].sum()
        covariance = (p * (j - mu) * bit).sum()
        assert efficiency(tau, mu) == pytest.approx(covariance**2 / (mu * share * (1 - share)), rel=1e-12)


def test_threshold_one() -> None:
    mu = np.logspace(-8, 2, 50)
    np.testing.assert_allclose(efficiency(1, mu), mu / np.expm1(mu), rtol=1e-12)


def test_best_threshold_against_search() -> None:
    mu = np.concatenate([np.linspace(0.01, 30, 700), [150.3, 150.8]])
    every = np.arange(1.0, 220.0)
    want = every[efficiency(every, mu[:, None]).argmax(axis=1)]
    np.testing.assert_array_equal(best_threshold(mu), want)
    assert best_threshold(3.0).shape == ()
    assert float(best_efficiency(3.0)) == efficiency(every, 3.0).max()


@pytest.mark.parametrize("k", [1, 2, 5, 30, 400])
def test_crossings_against_mpmath(k: int) -> None:
    with mp.workdps(DIGITS):
        low, high = mp.mpf(k) - mp.mpf("0.35"), mp.mpf(k) - mp.mpf("0.2")
        want = mp.findroot(
            lambda m: mp_log_efficiency(k + 1, m) - mp_log_efficiency(k, m), (low, high), solver="anderson"
        )
    assert crossing(k) == pytest.approx(float(want), rel=1e-13)


def test_expansion_of_crossings() -> None:
    """Oracle: the error falls like 1/k^2, so both constants are right."""
    k = np.array([10.0, 100.0, 1000.0])
    error = np.abs(crossing(k) - crossing_expansion(k)) * k**2
    assert error.max() < 0.01
    assert (k * (crossing(k) - k + CROSSING_SHIFT))[-1] == pytest.approx(CROSSING_CURVE, rel=1e-4)


def test_constants_from_the_expansion_of_both_integrals() -> None:
    """Oracle: the log-efficiency at mu + x to order 1/mu^2, expanded anew from the moments of a Gaussian."""
    import sympy as sp

    e, u, x = sp.symbols("e u x", positive=True)
    moment = [2 ** sp.Rational(n - 1, 2) * sp.gamma(sp.Rational(n + 1, 2)) for n in range(16)]

    def integral(sign: int) -> sp.Expr:
        exponent = sign * x * e * u - sum(
            (sign * u) ** m * e ** (m - 2) / sp.factorial(m) for m in range(3, 7)
        )
        series = sp.expand(sum(exponent**n / sp.factorial(n) for n in range(5)))
        series = sum(series.coeff(e, n) * e**n for n in range(5))
        return sp.expand(sum(c * moment[n] for (n,), c in sp.Poly(series, u).terms()))

    product = sp.expand(integral(-1) * integral(1) / (sp.pi / 2))
    second, fourth = product.coeff(e, 2), product.coeff(e, 4)
    fourth = sp.expand(fourth - second**2 / 2)  # of the logarithm
    step = sp.expand(second.subs(x, x + 1) - second)
    (at,) = sp.solve(step, x)
    assert float(at) == pytest.approx(CROSSING_SHIFT, rel=1e-14)
    shift = -(fourth.subs(x, at + 1) - fourth.subs(x, at)) / sp.diff(step, x)
    assert float(-shift) == pytest.approx(CROSSING_CURVE, rel=1e-12)


def test_expansion_of_the_efficiency() -> None:
    for mu in (1e3, 1e4):
        tau = np.round(mu) + np.arange(-3, 5)
        got = (efficiency(tau, mu) - efficiency_expansion(mu, tau - mu)) * mu**2
        assert np.abs(got).max() < 20


@given(st.floats(1e-3, 1e5), st.floats(-8, 8))
def test_no_threshold_exceeds_the_bound(mu: float, shift: float) -> None:
    tau = max(1.0, float(np.round(mu + shift * np.sqrt(mu))))
    assert efficiency(tau, mu) <= efficiency_bound(mu) * (1 + 1e-12)
    assert best_efficiency(mu) > LIMIT


@given(st.floats(1e-2, 1e4), st.floats(1.0001, 3.0))
def test_the_best_threshold_never_falls(mu: float, factor: float) -> None:
    assert best_threshold(mu) <= best_threshold(mu * factor)


@pytest.mark.parametrize("mu", [0.0, -1.0, np.nan, np.inf])
def test_bad_means_are_refused(mu: float) -> None:
    for function in (lambda m: efficiency(1, m), best_threshold, efficiency_bound):
        with pytest.raises(ValueError, match="means above 0"):
            function(mu)


def test_bad_thresholds_are_refused() -> None:
    with pytest.raises(ValueError, match="whole numbers from 1"):
        efficiency(0, 1.0)
    with pytest.raises(ValueError, match="whole numbers from 1"):
        crossing(1.5)
