"""Energy and entropy. Oracle: the divergence is the gap below the tangent."""

from __future__ import annotations

import numpy as np

from focalbook.figures import kl_gap
from focalbook.figures.style import figure

NUMBERS = kl_gap.data(points=60)


def test_the_divergence_is_the_vertical_gap() -> None:
    slope, height = np.polyfit(*NUMBERS.line.T, 1)
    assert np.isclose(slope, NUMBERS.beta)
    gaps = height + slope * NUMBERS.marked[:, 0] - NUMBERS.marked[:, 1]
    np.testing.assert_allclose(gaps, NUMBERS.divergence, atol=1e-12)
    everywhere = height + slope * NUMBERS.cloud[:, 0] - NUMBERS.cloud[:, 1]
    assert (everywhere > 0).all()
    assert abs(height + slope * NUMBERS.prior[0] - NUMBERS.prior[1]) < 1e-12


def test_the_marked_posteriors_are_what_the_text_says() -> None:
    (x_a, h_a), (x_b, h_b), (_, h_c) = NUMBERS.marked
    assert np.isclose(x_a, x_b)
    assert np.isclose(NUMBERS.divergence[1] - NUMBERS.divergence[0], h_a - h_b)
    assert h_c < h_a
    assert NUMBERS.divergence[2] < NUMBERS.divergence[0]


def test_it_can_be_drawn() -> None:
    shown = figure(kl_gap.draw, NUMBERS, alt="Points below a curve and its tangent", ncols=2)
    assert shown.light != shown.dark
