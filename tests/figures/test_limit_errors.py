"""Errors of the expansions: oracle the order that the claim states, by the slopes on logarithmic axes."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import limit_errors
from focalbook.figures.style import figure


def test_second_order_at_both_ends() -> None:
    numbers = limit_errors.data(ends=(1e-4, 1e6), points=41)
    step = np.log(numbers.gamma[1] / numbers.gamma[0])
    for small, large in zip(numbers.small, numbers.large, strict=True):
        assert np.log(small[1] / small[0]) / step == pytest.approx(2.0, abs=0.05)
        assert np.log(large[-1] / large[-2]) / step == pytest.approx(-2.0, abs=0.05)


def test_edges_are_where_an_expansion_turns_negative() -> None:
    numbers = limit_errors.data(classes=(2,), points=2001)
    p = np.random.default_rng(5).dirichlet(np.ones(2))
    edge = 0.5 * (np.log(p).mean() - np.log(p.min())) * 2  # 1/n + (1 - 1/n)(log p_min - mean)/gamma = 0
    assert numbers.inside_large[0] == pytest.approx(edge, rel=0.02)
    assert 0 < numbers.inside_small[0] < numbers.gamma[-1]


def test_it_can_be_drawn() -> None:
    shown = figure(limit_errors.draw, limit_errors.data(points=21), alt="Errors against gamma")
    assert shown.light != shown.dark
