"""The ratio F/H: oracle closed forms for ten classes and NumPy's quantiles row by row."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import ratio_spread
from focalbook.figures.style import figure

GAMMAS = (0.5, 2.0)


def example() -> ratio_spread.Data:
    rng = np.random.default_rng(0)
    return ratio_spread.data(GAMMAS, {3: rng.uniform(size=(2, 50)), 9: rng.uniform(size=(2, 50))}, points=15)


def test_confident_forecast_in_closed_form() -> None:
    numbers = example()
    d, c = numbers.doubt, 1 - numbers.doubt
    first, other = -np.log1p(-d), -np.log(d / 9)
    for k, gamma in enumerate(GAMMAS):
        mean = c * d**gamma * first + d * (1 - d / 9) ** gamma * other
        np.testing.assert_allclose(numbers.calibrated[k], mean / (c * first + d * other), rtol=1e-9)
        np.testing.assert_allclose(numbers.correct[k], d**gamma, rtol=1e-9)


def test_quantiles() -> None:
    rng = np.random.default_rng(0)
    first = rng.uniform(size=(2, 50))
    numbers = example()
    assert numbers.pairs == 50
    for k in range(2):
        triple = (numbers.low[k, 0], numbers.middle[k, 0], numbers.high[k, 0])
        np.testing.assert_allclose(triple, np.quantile(first[k], (0.05, 0.5, 0.95)))


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="pairs"):
        ratio_spread.data(GAMMAS, {2: np.ones((3, 4))})


def test_it_can_be_drawn() -> None:
    assert figure(ratio_spread.draw, example(), alt="Ratios of the entropies", ncols=2).light
