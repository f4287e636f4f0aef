"""Shares of information. Oracle: closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from focalbook.figures import onebit_worth
from focalbook.figures.style import figure


def test_curves_are_closed_forms() -> None:
    d = onebit_worth.data(points=41)
    at = dict(zip(d.names, zip(d.probability, d.share, strict=True), strict=True))
    np.testing.assert_allclose(at["Bernoulli"][1], 1.0, rtol=1e-12)
    p, share = at["Gaussian mean"]
    z = norm.ppf(p)
    np.testing.assert_allclose(share, norm.pdf(z) ** 2 / (p * (1 - p)), rtol=1e-9)
    np.testing.assert_allclose(at["Gaussian deviation"][1], share * z**2 / 2, rtol=1e-8, atol=1e-12)
    p, share = at["exponential rate"]
    np.testing.assert_allclose(share, np.log(p) ** 2 * p / (1 - p), rtol=1e-9)
    p, share = at["Poisson mean, τ = 1"]
    np.testing.assert_allclose(share, -np.log1p(-p) * (1 - p) / p, rtol=1e-9)
    assert d.best[1] == pytest.approx(2 / np.pi)


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        onebit_worth.data(reach=0.0)
    shown = figure(onebit_worth.draw, onebit_worth.data(points=9), alt="Five shares of information")
    assert shown.light != shown.dark
