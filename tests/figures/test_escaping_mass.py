"""The sequence of claim FE-3: oracle mpmath with 400 atoms, whose masses it can hold."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from focalbook.figures import escaping_mass
from focalbook.figures.style import figure


def exact(n: int | None, cost: float, gamma: float) -> tuple[float, float]:
    with mp.workdps(400):
        q = [mp.mpf(2) ** -i for i in range(1, 401)]
        moved = mp.mpf(0)
        if n is not None:
            small = mp.exp(-cost * mp.mpf(2) ** n)
            moved = q[n - 1] - small
            q[n - 1] = small
            q[0] += moved
        value = mp.fsum(mp.mpf(2) ** -i * (1 - x) ** gamma * -mp.log(x) for i, x in enumerate(q, start=1))
        return float(abs(moved)), float(value)


def test_values_and_distances() -> None:
    numbers = escaping_mass.data(2.0, (0.5, 1.5), last=12)
    assert numbers.at_limit == pytest.approx(exact(None, 0.0, 2.0)[1], rel=1e-13)
    for k in (0, 3, 10):
        distance, value = exact(int(numbers.n[k]), numbers.costs[k % 2], 2.0)
        assert numbers.distance[k] == pytest.approx(distance, rel=1e-12)
        assert numbers.value[k] == pytest.approx(value, rel=1e-12)


def test_limits_stay_apart_while_the_distance_vanishes() -> None:
    numbers = escaping_mass.data(last=60)
    assert numbers.distance[-1] < 1e-17
    np.testing.assert_allclose(numbers.value[-2:] - numbers.at_limit, [1.5, 0.5], rtol=1e-12)


def test_it_can_be_drawn() -> None:
    shown = figure(escaping_mass.draw, escaping_mass.data(), alt="Distances and focal-entropies", ncols=2)
    assert shown.light != shown.dark
