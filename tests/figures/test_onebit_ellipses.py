"""Information as ellipses. Oracle: probit weights written out, the support function of an ellipse."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from focalbook.figures import onebit_ellipses
from focalbook.figures.style import figure


def test_matrices() -> None:
    d = onebit_ellipses.data()
    for tau, matrix in zip(d.thresholds, d.per_bit, strict=True):
        u = np.array([1.0, tau])  # (w, -z) at mean 0 and deviation 1
        want = norm.pdf(tau) ** 2 / (norm.cdf(tau) * norm.sf(tau)) * np.outer(u, u)
        np.testing.assert_allclose(matrix, want, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(d.mean_bit, d.per_bit.mean(axis=0), atol=1e-15)
    np.testing.assert_allclose(d.draw, np.diag([1.0, 2.0]))


def test_ellipse_reaches_as_far_as_the_matrix_says() -> None:
    matrix = np.array([[2.0, 0.7], [0.7, 1.0]])
    points = onebit_ellipses.ellipse(matrix, 2001)
    for angle in (0.0, 0.6, 2.0):
        d = np.array([np.cos(angle), np.sin(angle)])
        assert (d @ points).max() == pytest.approx(np.sqrt(d @ matrix @ d), rel=1e-5)


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="two different"):
        onebit_ellipses.data(thresholds=(1.0, 1.0))
    shown = figure(onebit_ellipses.draw, onebit_ellipses.data(), alt="Ellipses of information", ncols=2)
    assert shown.light != shown.dark
