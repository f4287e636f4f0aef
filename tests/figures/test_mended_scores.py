"""Parts of the Brier score by name; oracle: the decomposition itself."""

from __future__ import annotations

import numpy as np

from focalbook.calibration import brier_decomposition
from focalbook.figures import mended_scores
from focalbook.figures.style import figure


def test_parts_are_those_of_each_prediction() -> None:
    rng = np.random.default_rng(1)
    truth = rng.dirichlet(np.ones(3), 200)
    found = mended_scores.data({"truth": truth, "flat": np.full((200, 3), 1 / 3)}, truth, bins=10)
    assert found.parts["truth"] == brier_decomposition(truth, truth, 10, resamples=200)
    assert found.parts["truth"].reliability.value < 1e-12
    assert found.parts["flat"].resolution.value < 1e-12
    shown = figure(mended_scores.draw, found, alt="Bars for two predictions", ncols=2)
    assert shown.light != shown.dark
