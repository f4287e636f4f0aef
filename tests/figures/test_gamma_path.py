"""Focal-entropy along gamma: oracle a loop over atoms and mpmath's derivative."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import gamma_path
from focalbook.figures.style import figure

P, Q = (0.55, 0.35, 0.1), (0.2, 0.45, 0.35)


def exact(gamma: float) -> mp.mpf:
    return mp.fsum(p * (1 - mp.mpf(q)) ** gamma * -mp.log(q) for p, q in zip(P, Q, strict=True))


def test_path_tangent_and_rate() -> None:
    numbers = gamma_path.data(P, Q)
    for k in (0, 7, 240):
        assert numbers.value[k] == pytest.approx(float(exact(numbers.gamma[k])), rel=1e-12)
        tangent = exact(0) + numbers.gamma[k] * mp.diff(exact, 0)
        assert numbers.tangent[k] == pytest.approx(float(tangent), rel=1e-8)
    for k in (0, 199):
        assert numbers.rate[k] == pytest.approx(
            float(mp.log(exact(numbers.far[k]))) / numbers.far[k], rel=1e-10
        )
    assert numbers.limit == pytest.approx(np.log(0.8), rel=1e-14)


def test_the_squeeze_holds_and_closes() -> None:
    numbers = gamma_path.data(P, Q)
    assert (numbers.rate_low <= numbers.rate).all()
    assert (numbers.rate <= numbers.rate_high).all()
    assert numbers.rate_high[-1] - numbers.rate_low[-1] < 0.01


def test_atoms_without_mass_do_not_count() -> None:
    with_zero = gamma_path.data((0.6, 0.4, 0.0), (0.5, 0.4, 0.1))
    assert with_zero.limit == pytest.approx(np.log(0.6), rel=1e-14)
    assert (with_zero.rate_low <= with_zero.rate + 1e-15).all()


def test_it_can_be_drawn() -> None:
    shown = figure(gamma_path.draw, gamma_path.data(), alt="Focal-entropy along gamma", ncols=2)
    assert shown.light != shown.dark
