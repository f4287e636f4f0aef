"""The channel and what it shows; oracles: plain sums, the zones of focalbook.theory, random search."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.channel import COMMON, HEADS, LETTERS, channel, deepest_suppression
from focalbook.theory.loss import gain_maximum
from focalbook.theory.minimizer import minimizer
from focalbook.theory.zones import classify, zones


@pytest.mark.parametrize("rare", [1e-6, 0.01, 0.016])
def test_rows_are_distributions_with_the_masses_named(rare: float) -> None:
    table = channel(rare)
    assert table.shape == (10, 10)
    assert (table > 0).all()
    np.testing.assert_allclose(table.sum(axis=1), 1.0, atol=1e-15)
    assert (table[:, COMMON:] == rare).all()
    for digit, heads in enumerate(HEADS):
        found = sorted(table[digit, :COMMON], reverse=True)[: len(heads)]
        assert found == sorted(heads, reverse=True)
    assert len(LETTERS) == 10


def test_leading_letter_follows_the_digit() -> None:
    table = channel()
    assert table[2, 2] == 0.60
    assert table[2, 3] == 0.25
    assert table[8, 1] == 0.40


def test_both_regimes_are_there() -> None:
    """The rare letters are raised in rows with lambda <= 1 and lowered in the flat rows (FE-9, FE-10)."""
    for gamma in (1.0, 2.0, 5.0):
        regimes = set(zones(channel(), gamma).regime)
        assert regimes == {"one threshold", "two thresholds"}
        codes = classify(channel(), gamma)[:, -1]
        assert codes[0] == 1
        assert codes[7] == -2
    # all three zones within one row
    assert set(classify(channel(), 1.0)[8]) == {-2, -1, 1}


def test_deepest_suppression_beats_random_distributions_and_respects_the_bound() -> None:
    rng = np.random.default_rng(0)
    for gamma in (1.0, 5.0):
        heads, ratio = deepest_suppression(gamma, rare=0.01)
        assert 1 / gain_maximum(gamma) < ratio < 1
        best = 1.0
        for k in range(1, 10):
            p = np.full((300, 10), 0.01)
            p[:, :k] = rng.dirichlet(np.full(k, 20.0), 300) * (1 - 0.01 * (10 - k))
            best = min(best, float((minimizer(p, gamma)[:, -1] / 0.01).min()))
        assert ratio <= best + 1e-12
        assert 1 <= heads <= 9


def test_rare_masses_out_of_range_are_refused() -> None:
    for rare in (0.0, 0.017, float("nan")):
        with pytest.raises(ValueError, match="rare must lie"):
            channel(rare)
