"""Certificates of designs. Oracle: the sensitivity of the D-optimal pair written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from focalbook.figures import onebit_sensitivity
from focalbook.figures.style import figure


def test_sensitivity_of_the_pair() -> None:
    d = onebit_sensitivity.data(points=41)

    def share(z: np.ndarray) -> np.ndarray:
        return norm.pdf(z) ** 2 / (norm.cdf(z) * norm.sf(z))

    z = d.support["D"][0]
    want = share(d.z) * (1 + d.z**2 / z**2) / (2 * share(np.array(z)))
    np.testing.assert_allclose(d.sensitivity["D"], want, rtol=1e-7)


def test_all_are_optimal() -> None:
    d = onebit_sensitivity.data(points=801)
    for name, values in d.sensitivity.items():
        assert values.max() <= 1 + 1e-6, name
        assert d.bound[name] > 1 - 1e-6


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="reach"):
        onebit_sensitivity.data(reach=0.0)
    with pytest.raises(ValueError, match="unknown"):
        onebit_sensitivity.data(criteria=("E",))
    shown = figure(onebit_sensitivity.draw, onebit_sensitivity.data(points=21), alt="Sensitivities")
    assert shown.light != shown.dark
