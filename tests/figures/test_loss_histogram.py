"""Histograms of losses: oracle naive counting and the definition of the divergence."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.entropy_penalty import train_all
from focalbook.figures import loss_histogram
from focalbook.figures.style import figure


def test_histogram_mean_and_lack() -> None:
    runs = train_all(1.0, steps=30)
    numbers = loss_histogram.data(runs, bins=6, most=3.0, draws=20)
    run = runs[1]
    losses = [-np.log(row[label]) for row, label in zip(run.test_probabilities, run.test_labels, strict=True)]
    naive = [0] * 6
    for loss in losses:
        naive[min(int(loss / 0.5), 5)] += 1
    np.testing.assert_allclose(numbers.share[1], np.array(naive) / len(losses))
    assert numbers.mean[1] == pytest.approx(float(numbers.share[1] @ numbers.centres))
    assert numbers.most_even[1] @ numbers.centres == pytest.approx(numbers.mean[1])
    own, even = numbers.share[1], numbers.most_even[1]
    inside = own > 0
    assert numbers.lack[1] == pytest.approx((own[inside] * np.log(own[inside] / even[inside])).sum())
    shown = figure(loss_histogram.draw, numbers, alt="Three histograms with curves", ncols=3)
    assert shown.light != shown.dark
