"""FE-16: check and control. Oracle: 40-digit minimisation of the weighted losses."""

from __future__ import annotations

import mpmath as mp
import pytest
from scipy.special import logit

from focalbook.claims.core import rng_for
from focalbook.claims.shah2026focal import weights
from focalbook.theory.minimizer import recover
from focalbook.theory.sigmoid import recover_sigmoid, sigmoid_minimizer

(CLAIM,) = weights.CLAIMS


def test_check_passes_and_control_fails() -> None:
    assert CLAIM.check(rng_for(CLAIM.id, "check")).passed
    assert not CLAIM.control(rng_for(CLAIM.id, "control")).passed


@pytest.mark.parametrize("alpha", [0.25, 0.9])
@pytest.mark.parametrize("gamma", [0.5, 2.0, 6.0])
@pytest.mark.parametrize("p", [1e-4, 0.3, 0.97])
def test_sigmoid_output_at_the_minimum(p: float, gamma: float, alpha: float) -> None:
    with mp.workdps(40):
        a, g, mass = mp.mpf(alpha), mp.mpf(gamma), mp.mpf(p)

        def loss(t: mp.mpf) -> mp.mpf:
            q, rest = 1 / (1 + mp.exp(-t)), 1 / (1 + mp.exp(t))
            present = a * mass * rest**g * -mp.log(q)
            return present + (1 - a) * (1 - mass) * q**g * -mp.log(rest)

        start = mp.mpf(float(logit(sigmoid_minimizer(p, gamma, alpha))))
        best = mp.findroot(lambda t: mp.diff(loss, t), start + mp.mpf("0.001"))
        assert all(loss(best) < loss(best + shift) for shift in (-0.01, 0.01))
        exact = 1 / (1 + mp.exp(-best))
    assert float(sigmoid_minimizer(p, gamma, alpha)) == pytest.approx(float(exact), rel=1e-10)
    assert float(recover_sigmoid(float(exact), gamma, alpha)) == pytest.approx(p, rel=1e-8)


def test_weighted_softmax_at_the_minimum() -> None:
    masses, tilt, gamma = ["0.6", "0.3", "0.1"], ["1", "3", "8"], 2.0
    with mp.workdps(40):
        p, a = [mp.mpf(x) for x in masses], [mp.mpf(x) for x in tilt]

        def slope(q: mp.mpf) -> mp.mpf:
            return (1 - q) ** 2 / q - 2 * (1 - q) * mp.log(q)

        def equations(x: mp.mpf, y: mp.mpf) -> list[mp.mpf]:
            q = [x, y, 1 - x - y]
            return [a[i] * p[i] * slope(q[i]) - a[2] * p[2] * slope(q[2]) for i in (0, 1)]

        x, y = mp.findroot(equations, (mp.mpf("0.3"), mp.mpf("0.35")))
        q = [float(x), float(y), float(1 - x - y)]
    back = recover(q, gamma, weights=[1.0, 3.0, 8.0])
    assert back == pytest.approx([0.6, 0.3, 0.1], rel=1e-12)
