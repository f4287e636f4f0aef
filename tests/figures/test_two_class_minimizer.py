"""Two classes: oracle the root of p phi(q) = (1-p) phi(1-q), in mpmath from the definition."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import two_class_minimizer
from focalbook.figures.style import figure


def exact(p: float, gamma: float) -> float:
    with mp.workdps(40):
        p, g = mp.mpf(float(p)), mp.mpf(gamma)

        def slope(q: mp.mpf) -> mp.mpf:
            return (1 - q) ** g / q - g * (1 - q) ** (g - 1) * mp.log(q)

        def gap(q: mp.mpf) -> mp.mpf:
            return mp.log(p * slope(q)) - mp.log((1 - p) * slope(1 - q))

        return float(mp.findroot(gap, (p, mp.mpf("0.5")), solver="anderson", tol=1e-30))


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_minimisers(place: int) -> None:
    numbers = two_class_minimizer.data(points=41)
    gamma = numbers.gammas[place]
    for k in (3, 17):
        assert numbers.q[place, k] == pytest.approx(exact(numbers.p[k], gamma), rel=1e-12)
        assert numbers.q_rare[place, k] == pytest.approx(exact(numbers.rare[k], gamma), rel=1e-12)


def test_ends_and_symmetry() -> None:
    numbers = two_class_minimizer.data(points=41)
    assert (numbers.q[:, 0] == 0).all()
    assert (numbers.q[:, -1] == 1).all()
    np.testing.assert_allclose(numbers.q + numbers.q[:, ::-1], 1.0, rtol=1e-14)


def test_it_can_be_drawn() -> None:
    shown = figure(
        two_class_minimizer.draw,
        two_class_minimizer.data(points=21),
        alt="Two classes, P against Q*",
        ncols=2,
    )
    assert shown.light != shown.dark
