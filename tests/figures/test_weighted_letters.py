"""Weighted classifier: oracle networks that are exactly at the minimiser of the tilted posterior."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.channel import channel
from focalbook.campaigns.recalibration import CAMPAIGN
from focalbook.figures import weighted_letters
from focalbook.figures.style import figure
from focalbook.store import Provenance, Record
from focalbook.theory.minimizer import minimizer

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")
WEIGHTS = np.linspace(1.0, 5.0, 10)


@pytest.fixture
def record() -> Record:
    digit = np.repeat(np.arange(10), 3)
    posterior = channel()[digit]
    tilted = posterior * WEIGHTS
    output = minimizer(tilted / tilted.sum(axis=1, keepdims=True), 2.0)
    arrays = {"digit": digit, "posterior": posterior, "logits": np.log(output)}
    configuration = {"weights": WEIGHTS.tolist(), "training": {"gamma": 2.0}}
    return Record(CAMPAIGN, configuration, {}, 1.0, MADE, arrays)


def test_exact_networks_are_recovered(record: Record) -> None:
    shown = weighted_letters.data([record, record])
    np.testing.assert_allclose(shown.recovered, channel(), rtol=1e-8)
    np.testing.assert_allclose(shown.truth, channel())
    tilted = channel() * WEIGHTS
    np.testing.assert_allclose(shown.half, tilted / tilted.sum(axis=1, keepdims=True), rtol=1e-8)


def test_it_can_be_drawn(record: Record) -> None:
    shown = figure(weighted_letters.draw, weighted_letters.data([record]), alt="Scatter plots", ncols=3)
    assert shown.light != shown.dark
