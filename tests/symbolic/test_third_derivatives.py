"""Third derivatives. Oracles: numerical integration of moments, the Poisson sum written out."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp

from focalbook.symbolic import third_derivatives as td


@pytest.mark.parametrize("a", [0.0, 0.7, 3.0])
def test_the_cumulant_beyond_a_against_quadrature(a: float) -> None:
    def moment(k):
        top = mp.quad(lambda y: y**k * mp.exp(-a * y - y * y / 2), [0, 2, 10, mp.inf])
        return top / mp.quad(lambda y: mp.exp(-a * y - y * y / 2), [0, 2, 10, mp.inf])

    one, two, three = (moment(k) for k in (1, 2, 3))
    want = three - 3 * one * two + 2 * one**3
    got = td.BEYOND.subs({td.M1: sp.Float(float(one), 15), td.a: a})
    assert float(got) == pytest.approx(float(want), abs=1e-12)
    assert abs(want) <= 1


@pytest.mark.parametrize("b", [0.0, 0.5, 1.0, 2.0, 5.0])
def test_the_bound_on_the_hazard_where_most_mass_is_beyond(b: float) -> None:
    hazard = float(mp.npdf(b) / mp.ncdf(b))
    assert hazard <= 0.8 / (1 + b**2 / 2 + b**4 / 8)
    cumulant = hazard * ((hazard + b) * (2 * hazard + b) - 1)
    assert -0.8 <= cumulant <= 3


@pytest.mark.parametrize("m", [0.3, 2.0])
@pytest.mark.parametrize("tau", [1, 4])
def test_the_poisson_bound_on_sums(m: float, tau: int) -> None:
    mass = [mp.exp(-m) * m**k / mp.factorial(k) for k in range(80)]
    for part in (range(tau), range(tau, 80)):
        p = mp.fsum(mass[k] for k in part)
        one, two, three = (mp.fsum(mass[k] * k**j for k in part) / p for j in (1, 2, 3))
        cumulant = three - 3 * one * two + 2 * one**3
        assert -2 * three <= cumulant <= three
        assert three * p <= (m**3 + 3 * m**2 + m) * (1 + 1e-12)
