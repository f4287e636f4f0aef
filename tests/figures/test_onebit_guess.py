"""Wrong guesses. Oracle: the normal limit, and the mixture as a mean of efficiencies."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import onebit_guess
from focalbook.figures.style import figure
from focalbook.onebit.thresholds import efficiency


def test_window_tends_to_its_limit() -> None:
    d = onebit_guess.data(guesses=(4.0, 1e6), points=101)
    assert np.nanmax(np.abs(d.right[1] - d.normal)) < 5e-3
    assert np.isnan(d.right[0][d.z <= -2.0]).all()
    assert d.normal.max() == pytest.approx(2 / np.pi)


def test_mixture() -> None:
    d = onebit_guess.data(guesses=(400.0,), spread=(0.0, 1.0), points=11)
    mu = 400 + 20 * d.z
    np.testing.assert_allclose(d.mixed, (efficiency(401, mu) + efficiency(421, mu)) / 2)


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        onebit_guess.data(guesses=(0.0,))
    shown = figure(
        onebit_guess.draw, onebit_guess.data(points=40), alt="Bells of one width, one flat.", ncols=2
    )
    assert shown.light != shown.dark
