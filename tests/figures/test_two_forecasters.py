"""Two forecasters: what every judge must say, by definition of a proper score."""

from __future__ import annotations

import numpy as np

from focalbook.figures import two_forecasters
from focalbook.figures.style import figure


def test_only_the_plain_loss_prefers_the_less_informed() -> None:
    for seed in (1, 2, 3):
        numbers = two_forecasters.data(seed=seed)
        assert numbers.gap[0] < -numbers.half_width[0]
        assert (numbers.gap[1:] > numbers.half_width[1:]).all()


def test_without_a_hidden_feature_recovery_leaves_no_gap() -> None:
    numbers = two_forecasters.data(cases=2000, hidden=0.0)
    np.testing.assert_allclose(numbers.gap[4:], 0.0, atol=1e-10)
    assert numbers.gap[0] < 0 < numbers.gap[1]


def test_at_gamma_zero_all_focal_judges_are_the_log_score() -> None:
    numbers = two_forecasters.data(gamma=0.0, cases=2000)
    np.testing.assert_allclose(numbers.gap[[0, 1, 4, 5]], numbers.gap[2], rtol=1e-10)


def test_it_can_be_drawn() -> None:
    shown = figure(two_forecasters.draw, two_forecasters.data(cases=200), alt="Differences with intervals")
    assert shown.light != shown.dark
