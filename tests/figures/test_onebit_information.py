"""Efficiencies and tails of a bit. Oracle: SciPy's normal law, and 400 digits far out."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from scipy.stats import norm

from focalbook.figures import onebit_information
from focalbook.figures.style import figure


def test_efficiencies() -> None:
    d = onebit_information.data(points=9)
    share = norm.pdf(d.z) ** 2 / (norm.cdf(d.z) * norm.sf(d.z))
    np.testing.assert_allclose(d.mean, share)
    np.testing.assert_allclose(d.deviation, share * d.z**2 / 2)
    assert (d.mean + d.deviation).max() < d.budget < 2 / 3


def test_tails() -> None:
    d = onebit_information.data(points=5)
    with mp.workdps(400):
        for z, got in zip(d.far, d.log10_weight, strict=True):
            want = mp.log10(mp.npdf(z) ** 2 / (mp.ncdf(z) * mp.ncdf(-z)))
            assert got == pytest.approx(float(want), rel=1e-12)
    assert (d.log10_weight <= d.log10_bound + 1e-12).all()


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        onebit_information.data(far=0.0)
    shown = figure(
        onebit_information.draw, onebit_information.data(points=9), alt="Information of a bit", ncols=2
    )
    assert shown.light != shown.dark
