"""Contexts of the imbalance design; oracles: sums, the zones of theory, the bound of FE-11."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.contexts import COMMON, CONTEXTS, DIGITS, FAVOURITE, LADDER, RARE, contexts, table
from focalbook.theory.loss import gain_maximum
from focalbook.theory.minimizer import minimizer, multiplier
from focalbook.theory.zones import classify


def test_rows_are_posteriors_with_the_same_rare_masses() -> None:
    rows = contexts()
    assert rows.shape == (len(CONTEXTS), COMMON + len(RARE))
    np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(rows[:, COMMON:], np.tile([1e-2, 10**-2.5, 1e-3, 10**-3.5, 1e-4], (5, 1)))
    assert (rows[:, :COMMON] > 0).all()


def test_every_digit_has_one_context() -> None:
    assert sorted(digit for pair in DIGITS for digit in pair) == list(range(10))
    for context, (one, other) in enumerate(DIGITS):
        assert np.array_equal(table()[one], contexts()[context])
        assert np.array_equal(table()[other], contexts()[context])


@pytest.mark.parametrize(("context", "gamma"), [(0, 5.0), (1, 2.0), (2, 1.0)])
def test_equal_heads_come_close_to_the_bound(context: int, gamma: float) -> None:
    ratio = minimizer(contexts()[context], gamma)[-1] / 1e-4
    bound = 1 / float(gain_maximum(gamma))
    assert bound < ratio < bound + 0.012


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 3.0, 5.0])
def test_the_rarest_are_lowered_in_four_contexts_and_raised_in_the_fifth(gamma: float) -> None:
    codes = classify(contexts(), gamma)
    lowered = np.arange(len(CONTEXTS)) != FAVOURITE
    assert (codes[lowered][:, -1] == -2).all()
    assert (codes[FAVOURITE, COMMON:] == 1).all()
    assert codes[FAVOURITE, 0] == -1
    level = multiplier(contexts(), gamma)
    assert (level[lowered] > 1).all()
    assert level[FAVOURITE] < 1


def test_the_ladder_has_all_three_zones_at_gamma_5() -> None:
    assert set(classify(contexts()[LADDER], 5.0)) == {-1, 1, -2}
