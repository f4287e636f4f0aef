"""The mean on an interval of length one: oracle mpmath at 100 digits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.theory import _langevin as unit

S = [*(10.0 ** np.arange(-15.0, 16.0)), 2.9, np.nextafter(3.0, 0.0), 3.0, 3.1, 700.0, 800.0]


@pytest.mark.parametrize("s", S)
def test_functions_against_mpmath(s):
    with mp.workdps(100):
        x = mp.mpf(float(s))
        gap = 1 / x - 1 / mp.expm1(x)
        want = {
            unit.gap: gap,
            unit.half_langevin: mp.mpf(1) / 2 - gap,
            unit.variance: 1 / x**2 - mp.exp(-x) / (1 - mp.exp(-x)) ** 2,
            unit.log_shape: mp.log((1 - mp.exp(-x)) / x),
        }
        for function, value in want.items():
            assert float(function(np.array(s))) == pytest.approx(float(value), rel=2e-15)
        entropy = mp.log((1 - mp.exp(-x)) / x) + x * gap
        assert float(unit.entropy(np.array(s))) == pytest.approx(float(entropy), rel=2e-15, abs=2e-16)


@pytest.mark.parametrize("s", S)
def test_inverse_against_mpmath(s):
    with mp.workdps(100):
        x = mp.mpf(float(s))
        near = 1 / x - 1 / mp.expm1(x)
        got = float(unit.inverse(np.array(float(near)), np.array(float(mp.mpf(1) / 2 - near))))
    assert got == pytest.approx(s, rel=2e-15)


def test_ends():
    assert unit.inverse(np.array(0.0), np.array(0.5)) == np.inf
    assert unit.inverse(np.array(0.5), np.array(0.0)) == 0.0
    assert unit.inverse(np.array(5e-324), np.array(0.5)) == np.inf  # 1/near overflows
    zero, infinite = np.array(0.0), np.array(np.inf)
    values = [f(zero) for f in (unit.gap, unit.half_langevin, unit.variance, unit.log_shape, unit.entropy)]
    np.testing.assert_allclose(values, [0.5, 0.0, 1 / 12, 0.0, 0.0], rtol=1e-15)
    assert unit.gap(infinite) == unit.variance(infinite) == 0.0
