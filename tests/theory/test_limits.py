"""Limits against the minimiser itself, followed into the limit, and against its finite differences."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

import focalbook as fb
from focalbook.theory.limits import large_gamma_limit, rare_class_limit, small_gamma_slope
from tests.oracles import DIGITS, mp_minimizer, relative_error


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5.0])
def test_rare_class_limit_is_approached(gamma):
    e = 10.0 ** -np.array([20.0, 80.0, 290.0])
    exact = fb.minimizer(np.stack([np.ones(3), e], axis=-1), gamma)[:, 1]  # oracle: the minimiser
    gap = np.abs(exact / rare_class_limit(e, gamma) - 1)
    assert (np.diff(gap) < 1e-13).all()
    bound = exact * (1 - np.log(exact)) * (2 + gamma)
    assert (gap <= bound + 1e-12).all()


def test_large_gamma_limit_has_an_error_of_second_order():
    p = np.array([[0.6, 0.3, 0.1, 0.0], [0.25, 0.25, 0.3, 0.2]])
    gap = [np.abs(fb.minimizer(p, g) - large_gamma_limit(p, g)).max() for g in (1e3, 2e3, 4e3)]
    # oracle: the minimiser; halving 1/gamma quarters the error
    assert gap[0] / gap[1] == pytest.approx(4.0, rel=0.02)
    assert gap[1] / gap[2] == pytest.approx(4.0, rel=0.01)
    np.testing.assert_allclose(large_gamma_limit(p, 50.0).sum(-1), 1.0, rtol=1e-15)
    assert large_gamma_limit(p, 50.0)[0, 3] == 0.0


def test_small_gamma_slope_is_the_derivative():
    p = np.random.default_rng(0).dirichlet(np.ones(5), 4)
    h = 1e-4
    four = (
        fb.minimizer(p, h) * 4 - fb.minimizer(p, 2 * h) - 3 * p
    )  # oracle: one-sided difference of second order
    np.testing.assert_allclose(small_gamma_slope(p), four / (2 * h), atol=2e-7)
    np.testing.assert_allclose(small_gamma_slope(p).sum(-1), 0.0, atol=1e-16)


def test_small_gamma_slope_keeps_its_digits_near_one_hot():
    p = [1.0, 1e-30, 3e-200]
    with mp.workdps(DIGITS):  # oracle: difference of solutions at 50 digits
        h = 1e-12
        exact = mp_minimizer(p, h, fb.minimizer(p, h))[0]
        for i in (1, 2):
            difference = (exact[i] - mp.mpf(p[i])) / mp.mpf(h)
            assert relative_error(small_gamma_slope(p)[i], difference) < 1e-8
    np.testing.assert_array_equal(small_gamma_slope([0.0, 1.0]), 0.0)


def test_axes_and_errors():
    p = np.random.default_rng(1).dirichlet(np.ones(3), 2)
    np.testing.assert_allclose(small_gamma_slope(p.T, axis=0).T, small_gamma_slope(p), rtol=1e-15)
    np.testing.assert_allclose(large_gamma_limit(p.T, 9.0, axis=0).T, large_gamma_limit(p, 9.0), rtol=1e-15)
    with pytest.raises(ValueError, match="above 0"):
        large_gamma_limit(p, 0.0)
    with pytest.raises(ValueError, match="e must lie in"):
        rare_class_limit(-0.1, 1.0)
