"""Risks on the triangle: oracle the entropy at gamma = 0, concavity along lines, symmetry."""

from __future__ import annotations

import numpy as np
from scipy.special import entr

from focalbook.figures import bayes_risk_simplex
from focalbook.figures.style import figure


def test_entropy_at_gamma_zero_and_closed_form_in_the_centre() -> None:
    numbers = bayes_risk_simplex.data((0.0, 2.0), cells=12)
    np.testing.assert_allclose(numbers.share[0] * numbers.largest[0], entr(numbers.p).sum(axis=1), atol=1e-14)
    np.testing.assert_allclose(numbers.largest, [np.log(3), (2 / 3) ** 2 * np.log(3)], rtol=1e-12)
    assert (numbers.share <= 1 + 1e-12).all()


def test_symmetric_and_concave() -> None:
    numbers = bayes_risk_simplex.data((5.0,), cells=12)
    value = {tuple(np.rint(12 * p).astype(int)): v for p, v in zip(numbers.p, numbers.share[0], strict=True)}
    for (i, j, k), v in value.items():
        assert abs(value[k, i, j] - v) < 1e-9
        if i and j:  # midpoint of two neighbours
            assert v >= 0.5 * (value[i + 1, j - 1, k] + value[i - 1, j + 1, k]) - 1e-12


def test_it_can_be_drawn() -> None:
    shown = figure(bayes_risk_simplex.draw, bayes_risk_simplex.data(cells=15), alt="Three triangles", ncols=3)
    assert shown.light != shown.dark
