"""Relative variance given a one. Oracle: truncated distributions of SciPy, sums over counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, poisson, truncnorm

from focalbook.figures import onebit_concavity
from focalbook.figures.style import figure


def test_curves() -> None:
    d = onebit_concavity.data(reach=6.0, points=7)
    at = dict(zip(d.names, zip(d.surprise, d.ratio, strict=True), strict=True))
    t = np.linspace(-3.0, 6.0, 7)
    surprise, ratio = at["Gaussian, mean alone"]
    np.testing.assert_allclose(surprise, -norm.logsf(t), rtol=1e-10)
    np.testing.assert_allclose(ratio, truncnorm(t, np.inf).var(), rtol=1e-6)
    np.testing.assert_allclose(at["exponential"][1], 1.0, rtol=1e-12)
    assert (at["Gaussian, mean and deviation"][1] > 1).all()
    mean = 12.0 * np.exp(-6.0 * 1.4)
    k = np.arange(5, 60)
    weight = poisson.pmf(k, mean) / poisson.sf(4, mean)
    variance = weight @ k**2 - (weight @ k) ** 2
    assert at["Poisson, τ = 5"][1][-1] == pytest.approx(variance / mean, rel=1e-6)


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        onebit_concavity.data(reach=-1.0)
    shown = figure(onebit_concavity.draw, onebit_concavity.data(points=9), alt="Ratios of variances")
    assert shown.light != shown.dark
