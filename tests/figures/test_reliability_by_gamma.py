"""Reliability of stored networks. Oracle: four images whose bins are known, and no records at all."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import reliability_by_gamma
from focalbook.figures.style import figure
from tests.campaigns.invented_recovery import plan, records


@pytest.mark.parametrize("stored", [0, 3, 18])
def test_what_is_there_is_pooled_and_drawn(stored: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reliability_by_gamma, "LEAST", 1)
    shown = reliability_by_gamma.data(plan(), records(slice(stored)))
    assert shown.count.sum() == 4 * stored
    if stored == 18:
        np.testing.assert_allclose(shown.accuracy[1, 2, [0, 5, 14]], [0, 0.5, 1])
        np.testing.assert_allclose(shown.confidence[1, 2, 14], 0.95, atol=1e-3)
    chart = figure(reliability_by_gamma.draw, shown, alt="Two panels of curves", ncols=2)
    assert chart.light != chart.dark
