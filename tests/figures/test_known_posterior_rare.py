"""Rare letters; oracles: networks made by formula, for which measured equals predicted; plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.channel import channel
from focalbook.figures import known_posterior_rare
from focalbook.figures.style import figure
from focalbook.store import Record
from focalbook.theory.zones import classify


def test_perfect_networks_measure_what_is_predicted(posterior_records: list[Record]) -> None:
    numbers = known_posterior_rare.data(posterior_records)
    assert numbers.gammas.tolist() == [1.0, 2.0, 5.0]
    np.testing.assert_allclose(numbers.measured, numbers.predicted, atol=0.02)
    assert ((numbers.low <= numbers.predicted) & (numbers.predicted <= numbers.high)).mean() > 0.8
    np.testing.assert_allclose(numbers.pooled[:, 0], numbers.pooled_predicted, atol=0.01)


def test_signs_are_those_of_the_zones(posterior_records: list[Record]) -> None:
    numbers = known_posterior_rare.data(posterior_records)
    for gamma, row, level in zip(numbers.gammas, numbers.predicted, numbers.multiplier, strict=True):
        codes = classify(channel(), gamma)[:, -1]
        assert ((row < 0) == (codes == -2)).all()
        assert (level[row < 0] > 1).all()


def test_log_ratio_is_that_of_a_loop(posterior_records: list[Record]) -> None:
    record = posterior_records[3]
    found = known_posterior_rare.rare_log_ratio(record)
    rows = [i for i in range(300) if record.arrays["digit"][i] == 6]
    each = sorted(np.mean([np.log(record.arrays["output"][i, k] / 0.01) for k in (7, 8, 9)]) for i in rows)
    assert found[6] == pytest.approx((each[14] + each[15]) / 2)


def test_it_can_be_drawn(posterior_records: list[Record]) -> None:
    numbers = known_posterior_rare.data(posterior_records)
    shown = figure(known_posterior_rare.draw, numbers, alt="Points along a diagonal", ncols=2)
    assert shown.light != shown.dark
