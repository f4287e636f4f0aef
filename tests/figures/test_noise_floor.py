"""Errors over bins of two models; oracles: closed forms, the mean of a folded normal variable."""

from __future__ import annotations

import numpy as np

from focalbook.figures import noise_floor
from focalbook.figures.style import figure

SMALL = noise_floor.data(rows=(200, 4000), bins=(1, 15), sizes=(500,))


def test_calibrated_model_has_the_noise_of_its_bins() -> None:
    """One bin: the mean of |normal| with variance mean p(1-p)/n; more bins: more, but below the bound."""
    variance = 3 / 4 - 7 / 12  # mean of p - p^2 over (1/2, 1)
    expected = np.sqrt(2 * variance / np.pi / SMALL.rows)
    np.testing.assert_allclose(SMALL.calibrated[0], expected, rtol=0.35)
    assert (SMALL.calibrated[1] > SMALL.calibrated[0]).all()
    assert (SMALL.calibrated < SMALL.bound).all()


def test_error_without_noise_rises_to_the_truth() -> None:
    assert SMALL.exact[0] < 0.01 < SMALL.truth
    assert SMALL.exact[-1] <= SMALL.truth + 1e-12
    assert abs(SMALL.exact[-1] - SMALL.truth) < 0.02 * SMALL.truth
    assert SMALL.found[0, -1] > 2 * SMALL.truth


def test_waves_vanish_at_certainty_and_stay_probabilities() -> None:
    c = np.linspace(0.5, 1, 999)
    assert noise_floor.wavy(c).max() <= 1
    assert noise_floor.wavy(np.array([1.0]))[0] == 1.0


def test_it_can_be_drawn() -> None:
    shown = figure(noise_floor.draw, SMALL, alt="Falling lines and rising lines", ncols=2)
    assert shown.light != shown.dark
