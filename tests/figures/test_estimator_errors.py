"""Stated against true errors. Oracle: the measured numbers, by hand."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.estimator_errors import EigenvalueErrors, TraceErrors
from focalbook.figures import estimator_errors
from focalbook.figures.style import figure


def invented() -> estimator_errors.Data:
    rng = np.random.default_rng(0)
    tops = [
        EigenvalueErrors(
            "k",
            2.0,
            start,
            10.0,
            tolerance,
            10 - rng.random(4),
            rng.random(4),
            rng.random(4),
            rng.random(4),
            3.0,
        )
        for start in ("random", "gradient")
        for tolerance in (0.1, 0.01)
    ]
    traces = [
        TraceErrors("k", 2.0, method, 10.0, 10 + rng.normal(size=5), np.ones(5), 2.0)
        for method in ("samples", "samples + xtrace")
    ]
    made = estimator_errors.data(tops, traces)
    np.testing.assert_allclose(made.error["random"], (10 - tops[1].estimate) / 10)
    np.testing.assert_allclose(made.stated["gradient"], tops[3].stated / 10)
    np.testing.assert_allclose(made.z["samples"], np.sort(traces[0].estimate - 10), rtol=1e-9)
    return made


def test_it_draws() -> None:
    shown = figure(estimator_errors.draw, invented(), alt="Two clouds", ncols=2)
    assert shown.light != shown.dark
