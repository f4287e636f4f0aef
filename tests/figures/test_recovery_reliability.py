"""Reliability after treatments. Oracle: four images whose bins are known, and bins put into the records."""

from __future__ import annotations

import numpy as np

from focalbook.figures import recovery_reliability
from focalbook.figures.style import figure
from tests.campaigns.invented_recovery import plan, records


def test_images_are_in_their_bins() -> None:
    made = {(r.configuration["gamma"], r.configuration["seed"]): r for r in records()}
    count, confidence, right = recovery_reliability.binned(made[2.0, 0])
    assert count[[0, 5, 14]].tolist() == [1, 2, 1]
    assert count.sum() == 4
    np.testing.assert_allclose(confidence[5], 0.35 + 0.38, atol=1e-3)
    assert right.tolist() == [0] * 5 + [1] + [0] * 8 + [1]


def test_treatments_come_from_the_record() -> None:
    made = {r.configuration["gamma"]: r for r in records()}
    count, confidence, right = recovery_reliability.binned(made[2.0], "recovered")
    np.testing.assert_allclose([count[14], confidence[14], right[14]], [4, 4 * 0.97, 2], rtol=1e-6)
    plain = recovery_reliability.binned(made[0.0], "recovered")
    np.testing.assert_array_equal(plain, recovery_reliability.binned(made[0.0]))
    assert not recovery_reliability.binned(made[2.0], "temperature").any()  # the record does not tell


def test_seeds_are_pooled_and_drawn() -> None:
    shown = recovery_reliability.data(plan(), records(), 2.0)
    assert shown.count[:, 0].sum(axis=1).tolist() == [12, 12]
    np.testing.assert_allclose(shown.accuracy[0, 0, 5], 0.5)
    chart = figure(recovery_reliability.draw, shown, alt="Six panels of marks", nrows=2, ncols=3)
    assert chart.light != chart.dark
