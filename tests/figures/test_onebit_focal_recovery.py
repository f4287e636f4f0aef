"""Errors before and after recovery. Oracle: the limit solved as one equation in the Poisson mean."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import poisson

import focalbook as fb
from focalbook.figures import onebit_focal_recovery
from focalbook.figures.style import figure


@pytest.fixture(scope="module")
def data():
    return onebit_focal_recovery.data(points=6)


def test_poisson_errors_by_a_scalar_minimiser(data):
    for mean, before, after in zip(data.means, data.before, data.after, strict=True):
        p = poisson.sf([0, 3], mean)

        def cost(log_mean, p=p):
            q = poisson.sf([0, 3], np.exp(log_mean))
            return p @ fb.focal_loss(q, 2.0) + (1 - p) @ fb.focal_loss(1 - q, 2.0)

        best = minimize_scalar(cost, bounds=(-3.0, 3.5), method="bounded", options={"xatol": 1e-9})
        q = poisson.sf([0, 3], np.exp(best.x))
        r = fb.recover(np.stack([q, 1 - q], axis=-1), 2.0)[:, 0]
        assert before == pytest.approx(np.abs(q - p).max(), abs=1e-5)
        assert after == pytest.approx(np.abs(r - p).max(), abs=1e-5)


def test_recovery_helps_for_two_links_and_harms_for_the_third(data):
    for name in ("logit", "probit"):
        assert (data.by_link[name].after < 0.2 * data.by_link[name].before).all()
    assert (data.by_link["Poisson"].after > data.by_link["Poisson"].before).all()


def test_bad_input_and_drawing(data):
    with pytest.raises(ValueError, match="above 0"):
        onebit_focal_recovery.data(gamma=0.0)
    shown = figure(onebit_focal_recovery.draw, data, alt="Errors against gamma", ncols=2)
    assert shown.light != shown.dark
