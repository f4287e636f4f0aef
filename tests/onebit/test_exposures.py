"""Exposures. Oracles: closed forms, the model's own information, quadrature, exhaustive weights."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from focalbook.onebit import Poisson
from focalbook.onebit.exposures import (
    bracket,
    bracket_information,
    log_information,
    maximin_shares,
    peak,
    relative_error,
)


def test_information_of_one_bit() -> None:
    x = np.logspace(-4, 2, 30)
    np.testing.assert_allclose(log_information(x), x * x / np.expm1(x), rtol=1e-12)


def test_peak_solves_its_equation() -> None:
    """Oracle: d/dx of x^2/(e^x - 1) vanishes where 2(1 - e^-x) = x."""
    x, most = peak()
    assert 2 * (1 - np.exp(-x)) == pytest.approx(x, abs=1e-6)
    assert most == pytest.approx(x * x / np.expm1(x), rel=1e-12)
    assert peak(50)[1] > log_information(50.0, 50)


def test_relative_error_is_the_models() -> None:
    t, tau, bits = np.array([0.2, 1.0, 3.0]), np.array([1, 2, 9]), np.array([5.0, 7.0, 2.0])
    for mu in (0.3, 4.0):
        want = 1 / (mu * np.sqrt(Poisson(t, tau).fisher_information(mu, bits)[0, 0]))
        assert relative_error(mu, t, tau, bits) == pytest.approx(want, rel=1e-12)


def test_bracket_reaches_both_ends() -> None:
    t = bracket(0.5, 300.0, 3.0)
    assert t[0] == pytest.approx(peak()[0] / 0.5)
    assert t[-1] <= peak()[0] / 300.0 * (1 + 1e-9) < t[-2] * (1 + 1e-9)
    np.testing.assert_allclose(t[:-1] / t[1:], 3.0)


@pytest.mark.parametrize("ratio", [1.5, 2.0, 4.0])
def test_endless_bracket(ratio: float) -> None:
    """Oracle: quadrature of the integrand, and a long bracket averaged over one period."""
    area = quad(lambda y: float(log_information(np.exp(y))), -40, 5)[0]
    assert bracket_information(ratio) == pytest.approx(area / np.log(ratio), rel=1e-7)
    t = ratio ** np.arange(-60.0, 60.0)
    mu = ratio ** np.linspace(0, 1, 16, endpoint=False)
    assert (relative_error(mu, t) ** -2).mean() == pytest.approx(bracket_information(ratio), rel=1e-7)


def test_maximin_against_a_grid_of_two_shares() -> None:
    t, mu = np.array([0.2, 3.0]), np.logspace(-1, 1, 40)
    shares, least = maximin_shares(t, mu)
    table = np.stack([log_information(mu * x) for x in t], axis=1)
    grid = np.linspace(0, 1, 2001)
    best = (table @ np.stack([grid, 1 - grid])).min(axis=0).max()
    assert shares.sum() == pytest.approx(1.0)
    assert least == pytest.approx(best, rel=1e-3)
    assert least >= best * (1 - 1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bracket(2.0, 1.0, 2.0), "0 < low < high"),
        (lambda: bracket(1.0, 2.0, 1.0), "ratio > 1"),
        (lambda: bracket_information(1.0), "above 1"),
        (lambda: relative_error(1.0, [0.0]), "above 0"),
        (lambda: log_information(-1.0), "means above 0"),
    ],
)
def test_bad_input_is_refused(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
