"""Numbers of reliability diagrams; oracle: the measures themselves."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.calibration import calibration_error, reliability
from focalbook.figures import reliability_diagram
from focalbook.figures.style import figure


def sample() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.dirichlet(np.ones(3), 300)
    labels = (truth.cumsum(axis=1) < rng.random((300, 1))).sum(axis=1)
    return truth**2 / (truth**2).sum(axis=1, keepdims=True), labels, truth


def test_a_diagram_holds_what_the_measures_say() -> None:
    q, labels, truth = sample()
    found = reliability_diagram.of("q", q, labels, truth, bins=10)
    assert found.error == calibration_error(q, labels, 10)
    np.testing.assert_array_equal(found.shown.accuracy, reliability(q, labels, 10).accuracy)
    assert found.truth is not None
    filled = found.shown.count > 0
    np.testing.assert_allclose(found.truth[filled], reliability(q, truth, 10).accuracy[filled])
    inside = (found.shown.low <= found.truth) & (found.truth <= found.shown.high)
    assert inside[filled].mean() > 0.7


def test_it_can_be_drawn_with_and_without_truth() -> None:
    q, labels, truth = sample()
    pair = reliability_diagram.data(
        reliability_diagram.of("one", q, labels), reliability_diagram.of("two", q, labels, truth)
    )
    shown = figure(reliability_diagram.draw, pair, alt="Two reliability diagrams", ncols=2)
    assert shown.light != shown.dark
    with pytest.raises(ValueError, match="one diagram"):
        reliability_diagram.data()
