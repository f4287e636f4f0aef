"""Weights of the focal losses of one bit. Oracles: 50 digits, derivatives by mpmath, the package's Q*."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

import focalbook as fb
from focalbook.onebit import _weights
from focalbook.onebit._tails import logistic_tails, normal_tails, poisson_tails

GAMMAS = (0.0, 1e-3, 0.3, 1.0, 2.0, 5.0, 40.0)


def _loss(q: mp.mpf, c: mp.mpf, g: float) -> mp.mpf:
    return -(c ** mp.mpf(g)) * (mp.log(q) if q < c else mp.log1p(-c))


def _log_slope(t: mp.mpf, g: float) -> mp.mpf:
    """Log phi(q) at log-odds t, from the definition of phi."""
    q, c = 1 / (1 + mp.exp(-t)), 1 / (1 + mp.exp(t))
    return mp.log(c ** mp.mpf(g) / q - g * c ** (mp.mpf(g) - 1) * mp.log(q))


def _report(u: mp.mpf, g: float) -> mp.mpf:
    return mp.findroot(lambda t: _log_slope(-t, g) - _log_slope(t, g) - u, u / (1 + g), verify=False)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_report_is_the_minimiser_of_two_classes(gamma):
    u = np.linspace(-12, 12, 49)
    p = 1 / (1 + np.exp(-u))
    q = fb.minimizer(np.stack([p, 1 - p], axis=-1), gamma)
    t = _weights.log_odds_of_report(u, gamma)
    np.testing.assert_allclose(1 / (1 + np.exp(-t)), q[:, 0], rtol=1e-9)
    np.testing.assert_allclose(_weights.log_odds_of_posterior(t, gamma), u, atol=1e-12)


@pytest.mark.parametrize("gamma", [0.3, 1.0, 2.0, 5.0, 40.0])
def test_report_and_weight_against_fifty_digits(gamma):
    u = np.array([-200.0, -30.0, -1e-3, 1e-8, 0.7, 9.0])
    t = _weights.log_odds_of_report(u, gamma)
    weight = _weights.proper_weight(t, gamma)
    with mp.workdps(160):  # 1 - q is e^-200 at the beginning
        for k, x in enumerate(u):
            exact = _report(mp.mpf(float(x)), gamma)
            assert float(abs(t[k] - exact)) < 1e-14 * max(1.0, abs(float(x)))

            def omega(v: mp.mpf) -> mp.mpf:  # -p times the derivative of l(q) in p
                at = _report(v, gamma)
                rate = mp.diff(lambda y: _report(y, gamma), v, h=mp.mpf(10) ** -40)
                q, c = 1 / (1 + mp.exp(-at)), 1 / (1 + mp.exp(at))
                # dl(q)/dv = -phi(q) q c dt/dv = -omega (1 - p)
                return mp.exp(_log_slope(at, gamma)) * q * c * rate * (1 + mp.exp(v))

            want = omega(mp.mpf(float(x)))
            assert float(abs(weight.omega[k] / want - 1)) < 1e-12
            step = mp.mpf(10) ** -20
            slope = (mp.log(omega(mp.mpf(float(x)) + step)) - mp.log(omega(mp.mpf(float(x)) - step))) / (
                2 * step
            )
            assert float(abs(weight.log_slope[k] - slope)) < 1e-9


def _probit(z: mp.mpf) -> tuple[mp.mpf, mp.mpf]:
    return mp.erfc(-z / mp.sqrt(2)) / 2, mp.erfc(z / mp.sqrt(2)) / 2


def _logit(z: mp.mpf) -> tuple[mp.mpf, mp.mpf]:
    return 1 / (1 + mp.exp(-z)), 1 / (1 + mp.exp(z))


def _poisson(y: mp.mpf) -> tuple[mp.mpf, mp.mpf]:
    below = mp.exp(-mp.exp(y)) * mp.fsum(mp.exp(j * y) / mp.factorial(j) for j in range(4))
    return 1 - below, below


@pytest.mark.parametrize("link", ["probit", "logit", "poisson"])
@pytest.mark.parametrize("proper", [False, True])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 6.0])
def test_losses_and_their_derivatives(link, proper, gamma):
    """Oracle: the loss written out, differentiated in 50 digits, into the tails."""
    exact = {"probit": _probit, "logit": _logit, "poisson": _poisson}[link]
    z = np.array([-6.0, -1.7, 0.0, 0.4, 2.5, 6.0]) if link != "poisson" else np.array([-4.0, 0.0, 1.3, 3.0])
    tails = {
        "probit": normal_tails,
        "logit": logistic_tails,
        "poisson": lambda y: poisson_tails(np.exp(y), np.full_like(y, 4.0)),
    }[link](z)
    found = (_weights.proper if proper else _weights.plain)(tails, gamma)
    with mp.workdps(50):
        for k, x in enumerate(z):
            for bit, names in (
                (0, ("log_one", "slope_one", "curve_one")),
                (1, ("log_zero", "slope_zero", "curve_zero")),
            ):

                def value(v: mp.mpf, bit: int = bit) -> mp.mpf:
                    p = exact(v)
                    if not proper:
                        return -_loss(p[bit], p[1 - bit], gamma)
                    t = _report(mp.log(p[bit] / p[1 - bit]), gamma)
                    return -_loss(1 / (1 + mp.exp(-t)), 1 / (1 + mp.exp(t)), gamma)

                at = mp.mpf(float(x))
                want = [value(at), mp.diff(value, at, 1, h=mp.mpf(10) ** -15)]
                want.append(mp.diff(value, at, 2, h=mp.mpf(10) ** -12))
                for name, y in zip(names, want, strict=True):
                    got = getattr(found, name)[k]
                    assert float(abs(got - y)) < 1e-10 * float(abs(y)) + 1e-13, (link, name, x)


def test_gamma_zero_is_the_likelihood():
    tails = normal_tails(np.linspace(-30, 30, 61))
    for weighted in (_weights.plain(tails, 0.0), _weights.proper(tails, 0.0)):
        for got, want in zip(weighted, tails, strict=True):
            np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_nothing_overflows_far_out(gamma):
    tails = normal_tails(np.array([-1e4, -300.0, -40.0, 40.0, 300.0, 1e4]))
    for weighted in (_weights.plain(tails, gamma), _weights.proper(tails, gamma)):
        assert all(np.isfinite(part).all() for part in weighted)
        steep = _weights.ascending(tails, weighted)
        assert (steep.curve_one <= 0).all()
        assert (steep.curve_zero <= 0).all()


def test_for_large_gamma_the_weight_is_that_of_boosting():
    """Oracle: 1/sqrt(p(1-p)), the weight of the exponential loss, up to a constant."""
    u = np.linspace(-4, 4, 17)
    weight = _weights.proper_weight(_weights.log_odds_of_report(u, 300.0), 300.0).omega
    want = np.cosh(u / 2)
    np.testing.assert_allclose(weight / weight[8], want, rtol=0.05)
    nearer = _weights.proper_weight(_weights.log_odds_of_report(u, 900.0), 900.0).omega
    np.testing.assert_allclose(nearer / nearer[8], want, rtol=0.017)
