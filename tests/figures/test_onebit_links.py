"""Links with one middle and slope. Oracle: SciPy's distributions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, poisson

from focalbook.figures import onebit_links
from focalbook.figures.style import figure


def test_middle_slope_and_pull() -> None:
    d = onebit_links.data(reach=1e-3, points=3)
    np.testing.assert_allclose(d.probability[:, 1], 0.5, atol=1e-12)
    slope = (d.probability[:, 2] - d.probability[:, 0]) / 2e-3
    np.testing.assert_allclose(slope, norm.pdf(0), rtol=1e-5)
    np.testing.assert_allclose(d.pull[:, 1], 2 * norm.pdf(0), rtol=1e-10)


def test_poisson_link_is_its_tail() -> None:
    d = onebit_links.data(reach=2.0, points=5)
    middle, unit = onebit_links._middle(10)
    np.testing.assert_allclose(
        d.probability[3], poisson.sf(9, np.exp(middle + unit * d.predictor)), rtol=1e-9
    )


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        onebit_links.data(reach=0.0)
    shown = figure(onebit_links.draw, onebit_links.data(points=9), alt="Four links side by side", ncols=2)
    assert shown.light != shown.dark
