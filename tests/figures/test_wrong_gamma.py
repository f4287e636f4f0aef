"""Recovery with a wrong gamma: oracles an exact head and the law for small scores."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import wrong_gamma
from focalbook.figures.style import figure
from focalbook.theory.sigmoid import sigmoid_minimizer
from tests.figures.detector import exact_head


def test_the_right_gamma_is_the_best() -> None:
    shown = wrong_gamma.data([exact_head(gamma=1.0)])
    best = shown.assumed[shown.loss[0].argmin()]
    assert best == pytest.approx(1.0)
    np.testing.assert_allclose(shown.factor[:, shown.assumed == 1.0], 1.0, rtol=1e-8)


def test_small_scores_follow_the_law() -> None:
    shown = wrong_gamma.data([exact_head()], truths=(1e-9,))
    q = float(sigmoid_minimizer(1e-9, 2.0, 0.25))
    wrong = 1.5
    expected = (1 + wrong) / 3.0 * q ** (wrong - 2.0)
    assert np.interp(wrong, shown.assumed, shown.factor[0]) == pytest.approx(expected, rel=0.02)


def test_it_can_be_drawn() -> None:
    shown = figure(wrong_gamma.draw, wrong_gamma.data([exact_head()]), alt="Two panels of curves", ncols=2)
    assert shown.light != shown.dark
