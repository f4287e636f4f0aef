"""FE-12 in symbols. Oracle: the numerical minimiser and mpmath at small arguments."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp

import focalbook as fb
from focalbook.symbolic import rare
from focalbook.symbolic.focal import gamma, q


@pytest.mark.parametrize("value", [0.25, 1.0, 4.0])
def test_odds_are_those_of_the_recovered_mass(value: float) -> None:
    for place in (0.01, 0.2, 0.4):
        mass = fb.recover([1 - place, place], value)[1]
        odds = float(rare.ODDS.subs({gamma: value, q: place}))
        assert odds == pytest.approx(mass / (1 - mass), rel=1e-12)


@pytest.mark.parametrize("value", [0.25, 1.0, 4.0])
def test_error_of_the_law_is_approached(value: float) -> None:
    odds = sp.lambdify((q, gamma), rare.ODDS, "mpmath")
    with mp.workdps(80):
        tiny, g = mp.mpf(10) ** -30, mp.mpf(value)
        mass = odds(tiny, g) / (1 + odds(tiny, g))
        found = mp.log((mass / (1 + g)) ** (1 / (1 + g)) / tiny) / (tiny * mp.log(tiny))
    limit = rare.error()[1].value.subs(gamma, value)
    assert float(found) == pytest.approx(float(limit), rel=0.1)
