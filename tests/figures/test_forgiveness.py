"""Ratios of divergences: oracle plain differences of losses, and the limit for rare events."""

from __future__ import annotations

import numpy as np
import pytest

import focalbook as fb
from focalbook.figures import forgiveness
from focalbook.figures.style import figure


@pytest.mark.parametrize("gamma", [0.5, 2.0, 5.0])
@pytest.mark.parametrize("p", [0.5, 0.3, 0.05])
def test_rate_is_the_ratio_for_small_errors(gamma: float, p: float) -> None:
    pair, r = np.array([p, 1 - p]), np.array([1.001 * p, 1 - 1.001 * p])
    focal = fb.focal_entropy(pair, fb.minimizer(r, gamma), gamma) - fb.bayes_risk(pair, gamma)
    rate = forgiveness.exchange_rate(np.array([p]), gamma)[0]
    assert focal / fb.kl_divergence(pair, r) == pytest.approx(rate, rel=5e-3)


def test_rate_at_gamma_zero_and_for_rare_events() -> None:
    np.testing.assert_allclose(forgiveness.exchange_rate(np.array([0.01, 0.4]), 0.0), 1.0, rtol=1e-12)
    rate = forgiveness.exchange_rate(np.array([1e-60]), 1.0)[0]
    assert rate == pytest.approx(1 / 2, abs=1e-6)


def test_map_holds_ratios_of_plain_differences() -> None:
    numbers = forgiveness.data(2.0, span=2.0, cells=5)
    p = 1 / (1 + np.exp(-numbers.logit))
    for column, truth in enumerate(p):
        for row, said in enumerate(p):
            if row != column:
                pair, r = np.array([truth, 1 - truth]), np.array([said, 1 - said])
                plain = fb.focal_entropy(pair, fb.minimizer(r, 2.0), 2.0) - fb.bayes_risk(pair, 2.0)
                assert numbers.ratio[row, column] == pytest.approx(
                    plain / fb.kl_divergence(pair, r), rel=1e-9
                )
    assert np.isfinite(numbers.ratio).all()


def test_it_can_be_drawn() -> None:
    shown = figure(forgiveness.draw, forgiveness.data(cells=11), alt="A map and curves beside it", ncols=2)
    assert shown.light != shown.dark
