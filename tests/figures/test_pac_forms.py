"""Curves of the two forms. Oracle: the definitions, and the order that theory demands."""

from __future__ import annotations

import numpy as np

from focalbook.figures import pac_forms
from focalbook.figures.style import figure


def test_divergence_lies_above_its_parabola() -> None:
    numbers = pac_forms.data(points=41)
    a, b = numbers.seen, numbers.b
    plain = a * np.log(a / b) + (1 - a) * np.log((1 - a) / (1 - b))
    np.testing.assert_allclose(numbers.divergence, plain, atol=1e-14)
    assert (numbers.divergence >= numbers.parabola).all()


def test_bounds_keep_their_order() -> None:
    numbers = pac_forms.data(points=41)
    assert (numbers.loss <= numbers.kl).all()
    assert (numbers.kl <= numbers.best + 1e-12).all()
    assert all((numbers.best <= fixed + 1e-12).all() for fixed in numbers.fixed.values())


def test_it_can_be_drawn() -> None:
    shown = figure(pac_forms.draw, pac_forms.data(points=11), alt="A curve and bounds", ncols=2)
    assert shown.light != shown.dark
