"""Surfaces of the expected log-likelihood. Oracle: sums written out with SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from focalbook.figures import onebit_flat_direction
from focalbook.figures.style import figure


def test_surfaces() -> None:
    d = onebit_flat_direction.data(z=0.8, bits=50, points=5)
    for fall, tau in zip(d.fall, d.tau, strict=True):
        for i, s in enumerate(d.s):
            for j, a in enumerate(d.a):
                p, z = norm.sf(np.array(tau)), (a - np.array(tau)) / s
                kl = p * (np.log(p) - norm.logcdf(z)) + (1 - p) * (np.log1p(-p) - norm.logsf(z))
                assert fall[i, j] == pytest.approx(2 * 50 / len(tau) * kl.sum(), abs=1e-9)


def test_one_threshold_is_flat_along_its_ray_and_two_are_not() -> None:
    d = onebit_flat_direction.data(z=1.0, points=161)
    values = []
    for fall in d.fall:
        along = [fall[np.abs(d.s - t).argmin(), np.abs(d.a - (1 - t)).argmin()] for t in (0.25, 0.55, 1.75)]
        values.append(max(along))
    assert values[0] < 0.1 < 5 < values[1]


def test_bad_input_and_drawing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        onebit_flat_direction.data(z=0.0)
    shown = figure(
        onebit_flat_direction.draw, onebit_flat_direction.data(points=21), alt="Contours of surfaces", ncols=2
    )
    assert shown.light != shown.dark
