"""Likelihood surfaces. Oracle: the log-likelihood written out, its limits by hand."""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr

from focalbook.figures import onebit_surfaces
from focalbook.figures.style import figure


def test_deficits() -> None:
    d = onebit_surfaces.data(points=21)
    tau = np.array(onebit_surfaces.THRESHOLDS)
    tops = []
    for (_, ones), deficit in zip(onebit_surfaces.CASES, d.deficit, strict=True):
        k = np.array(ones)
        z = (d.mean[None, :, None] - tau) / d.deviation[:, None, None]
        value = (k * log_ndtr(z) + (10 - k) * log_ndtr(-z)).sum(axis=-1)
        tops.append(deficit + value)
        assert np.ptp(tops[-1]) < 1e-9
        assert deficit.min() > -1e-9
    assert abs(tops[1]).max() < 1e-9  # separated: every bit can be predicted
    np.testing.assert_allclose(tops[2], 30 * np.log(0.5), rtol=1e-12)  # s to infinity, half of the bits one
    assert np.isfinite(d.estimate).all(axis=1).tolist() == [True, False, False]


def test_drawing() -> None:
    shown = figure(
        onebit_surfaces.draw, onebit_surfaces.data(points=15), alt="Three likelihood surfaces", ncols=3
    )
    assert shown.light != shown.dark
