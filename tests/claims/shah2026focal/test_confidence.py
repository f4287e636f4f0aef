"""FE-18: check and control. Oracle: 60-digit solutions of the equations for heads over a tail."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.claims.core import rng_for
from focalbook.claims.shah2026focal import confidence
from focalbook.theory.minimizer import minimizer

(CLAIM,) = confidence.CLAIMS


def exact_head(heads: int, head: str, tail: int, rest: str, gamma: float) -> mp.mpf:
    """Model probability of a head of equal heads over equal tail atoms."""
    with mp.workdps(60):
        a, b, g = mp.mpf(head), mp.mpf(rest), mp.mpf(gamma)

        def slope(q: mp.mpf) -> mp.mpf:
            return (1 - q) ** g / q - g * (1 - q) ** (g - 1) * mp.log(q)

        def off(q: mp.mpf) -> mp.mpf:
            return a * slope(q) - b * slope((1 - heads * q) / tail)

        return mp.findroot(off, (0.9 * a, min(1.2 * a, mp.mpf("0.999999") / heads)), solver="anderson")


def test_check_passes_and_control_fails() -> None:
    assert CLAIM.check(rng_for(CLAIM.id, "check")).passed
    assert not CLAIM.control(rng_for(CLAIM.id, "control")).passed


@pytest.mark.parametrize(
    ("heads", "head", "tail", "rest", "gamma", "raised"),
    [
        (7, "0.1", 300, "0.001", 1.0, True),
        (1, "0.3", 7000, "0.0001", 1.0, True),
        (1, "0.4", 6000, "0.0001", 1.0, False),
        (1, "0.2", 8, "0.1", 1.0, False),
    ],
)
def test_direction_of_heads(heads: int, head: str, tail: int, rest: str, gamma: float, raised: bool) -> None:
    exact = exact_head(heads, head, tail, rest, gamma)
    assert (exact > mp.mpf(head)) == raised
    p = np.repeat([float(head), float(rest)], [heads, tail])
    assert minimizer(p, gamma)[0] == pytest.approx(float(exact), rel=1e-10)


def test_random_tops_are_raised_often_enough_to_test_anything() -> None:
    rows = confidence._tops(np.random.default_rng(0))
    np.testing.assert_allclose(rows.sum(axis=1), 1.0, rtol=1e-12)
    raised = minimizer(rows, 1.0).max(axis=1) > rows.max(axis=1)
    assert 0.1 * len(rows) < raised.sum() < 0.9 * len(rows)
