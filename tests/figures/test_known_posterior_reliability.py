"""Reliability before and after recovery; oracles: counts by hand, confidence known by formula."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.channel import channel
from focalbook.figures import known_posterior_reliability
from focalbook.figures.style import figure
from focalbook.store import Record


def test_seeds_are_pooled(posterior_records: list[Record]) -> None:
    numbers = known_posterior_reliability.data(posterior_records, 5.0)
    assert numbers.n == 900
    assert numbers.output.count.sum() == numbers.recovered.count.sum() == 900


def test_confidence_is_too_low_before_recovery_and_right_after(posterior_records: list[Record]) -> None:
    numbers = known_posterior_reliability.data(posterior_records, 5.0)
    before, after = numbers.output, numbers.recovered
    top = int(np.flatnonzero(before.count)[-1])
    assert before.low[top] > before.confidence[top]
    filled = after.count > 0
    inside = (after.low <= after.confidence) & (after.confidence <= after.high)
    assert inside[filled].mean() > 0.6
    assert after.calibration_error < 0.4 * before.calibration_error
    expected = channel().max(axis=1).mean()
    assert np.average(after.confidence[filled], weights=after.count[filled]) == pytest.approx(
        expected, rel=0.02
    )


def test_it_can_be_drawn(posterior_records: list[Record]) -> None:
    numbers = known_posterior_reliability.data(posterior_records, 5.0)
    shown = figure(known_posterior_reliability.draw, numbers, alt="Two diagrams side by side", ncols=2)
    assert shown.light != shown.dark
