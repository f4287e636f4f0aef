"""Divergences near the diagonal, Fisher information. Oracles: mpmath, 50 digits, autograd, plain sums."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from focalbook.theory import information as info
from focalbook.theory.entropy import kl_divergence


@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-9, -1e-4, 0.3, -0.4999, 0.5001, -0.7, 5.0, -40.0, 700.0])
def test_omega_against_50_digits(x: float) -> None:
    with mp.workdps(50):
        exact = mp.exp(mp.mpf(x)) - 1 - mp.mpf(x) if abs(x) > 1e-20 else mp.mpf(x) ** 2 / 2
    assert float(info.omega(x)) == pytest.approx(float(exact), rel=1e-15, abs=0.0)


def test_omega_at_infinity_and_nan() -> None:
    assert np.isposinf(info.omega([np.inf, -np.inf])).all()
    with pytest.raises(ValueError, match="NaN"):
        info.omega(np.nan)


@given(st.floats(-600, 600))
def test_omega_is_at_least_its_parabola_on_the_right_and_at_most_on_the_left(x: float) -> None:
    assert (info.omega(x) >= x**2 / 2 * (1 - 1e-15)) if x >= 0 else (info.omega(x) <= x**2 / 2 * (1 + 1e-15))


def test_fisher_categorical_is_the_hessian_of_the_log_partition() -> None:
    z = torch.randn(6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    hessian = torch.autograd.functional.hessian(lambda x: torch.logsumexp(x, 0), z)
    found = info.fisher_categorical(torch.softmax(z, 0).numpy())
    np.testing.assert_allclose(found, hessian.numpy(), atol=1e-15)
    np.testing.assert_allclose(found @ np.ones(6), 0.0, atol=1e-15)


def test_third_order_of_softmax_against_mpmath() -> None:
    z, d = np.array([0.3, -1.0, 2.0]), np.array([1.0, 0.5, -0.7])
    q = np.exp(z) / np.exp(z).sum()
    with mp.workdps(50):

        def partition(e: mp.mpf) -> mp.mpf:
            return mp.log(mp.fsum(mp.exp(mp.mpf(a) + e * mp.mpf(b)) for a, b in zip(z, d, strict=True)))

        third = float(mp.diff(partition, 0, 3))
    assert float(info.skewness_categorical(q, d)) == pytest.approx(third, rel=1e-12)


@pytest.mark.parametrize("step", [1e-9, 1e-4, 0.3, 5.0, 60.0])
@pytest.mark.parametrize("scale", [0.1, 3.0, 20.0])
def test_kl_softmax_against_50_digits(step: float, scale: float) -> None:
    rng = np.random.default_rng(3)
    z, d = scale * rng.normal(size=4), step * rng.normal(size=4)
    with mp.workdps(50):
        one, two = [mp.mpf(x) for x in z], [mp.mpf(x) + mp.mpf(y) for x, y in zip(z, d, strict=True)]
        logs = [[x - mp.log(mp.fsum(map(mp.exp, row))) for x in row] for row in (one, two)]
        exact = [
            float(mp.fsum(mp.exp(a) * (a - b) for a, b in zip(*pair, strict=True)))
            for pair in (logs, logs[::-1])
        ]
    np.testing.assert_allclose(info.kl_softmax(z, d), exact, rtol=1e-11)


def test_kl_softmax_against_the_plain_formula() -> None:
    rng = np.random.default_rng(0)
    z, d = rng.normal(size=(2, 5, 3))
    p, q = (np.exp(x) / np.exp(x).sum(axis=1, keepdims=True) for x in (z, z + d))
    np.testing.assert_allclose(info.kl_softmax(z, d), [kl_divergence(p, q), kl_divergence(q, p)], rtol=1e-12)


def test_gaussian_and_poisson_against_taylor_coefficients() -> None:
    v, m, d = 0.7, 3.5, np.array([0.4, -0.3])
    with mp.workdps(50):

        def normal(a: mp.mpf, b: mp.mpf) -> mp.mpf:
            one, two = (v + x * mp.mpf(d[1]) for x in (a, b))
            return (one / two - 1 + mp.log(two / one) + ((a - b) * mp.mpf(d[0])) ** 2 / two) / 2

        def poisson(a: mp.mpf, b: mp.mpf) -> mp.mpf:
            return (m + a) * mp.log((m + a) / (m + b)) - a + b

        values = [float(f(*at)) for f in (normal, poisson) for at in ((0, 1), (1, 0))]
        second = [float(mp.diff(lambda e, f=f: f(0, e), 0, 2)) for f in (normal, poisson)]
        third = [float(mp.diff(lambda e, f=f: f(e, 0), 0, 3)) for f in (normal, poisson)]
    np.testing.assert_allclose([*info.kl_gaussian(v, d), *info.kl_poisson(m, 1.0)], values, rtol=1e-13)
    np.testing.assert_allclose([d @ info.fisher_gaussian(v) @ d, info.fisher_poisson(m)], second, rtol=1e-13)
    mixed, skew = info.skewness_gaussian(v, d)
    assert 3 * mixed + 2 * skew == pytest.approx(third[0], rel=1e-12)
    assert -3 / m**2 + 2 / m**2 == pytest.approx(third[1], rel=1e-12)


def test_gaussian_information_by_simulation_free_quadrature() -> None:
    """Oracle: Gauss-Hermite quadrature of the scores."""
    x, w = np.polynomial.hermite_e.hermegauss(20)
    v = 2.3
    scores = np.stack([x / np.sqrt(v), (x**2 - 1) / (2 * v)])
    found = np.einsum("in,jn,n->ij", scores, scores, w / w.sum())
    np.testing.assert_allclose(info.fisher_gaussian(v), found, atol=1e-14)


def test_laplace_by_quadrature() -> None:
    d = 0.8
    exact = mp.quad(lambda x: mp.exp(-abs(x)) / 2 * (abs(x - d) - abs(x)), [-mp.inf, 0, d, mp.inf])
    assert float(info.kl_laplace([d, -d])[1]) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: info.fisher_gaussian(0.0), "variance must be positive"),
        (lambda: info.kl_gaussian(1.0, [0.0, -1.0]), "after the step"),
        (lambda: info.kl_poisson(1.0, -2.0), "after the step"),
        (lambda: info.fisher_poisson(np.inf), "mean must be positive"),
        (lambda: info.kl_softmax([0.0, np.inf], 0.0), "finite"),
        (lambda: info.kl_softmax(1.0, 0.0), "last axis"),
        (lambda: info.fisher_categorical([0.5, 0.6]), "sums to"),
    ],
)
def test_bad_input_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
