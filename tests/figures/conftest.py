"""Records of networks that are exactly where theory puts them, made by formula and not by training."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.channel import channel
from focalbook.campaigns.known_posterior import CAMPAIGN, KnownPosterior
from focalbook.store import Provenance, Record
from focalbook.theory.minimizer import bayes_risk, minimizer

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")


@pytest.fixture(scope="session")
def posterior_records() -> list[Record]:
    """Outputs Q* for gamma 0, 1, 2 and 5 and three seeds, each seed with small multiplicative noise."""
    config = KnownPosterior(seeds=(0, 1, 2))
    digit = np.repeat(np.arange(10), 30)
    posterior = channel()[digit]
    records = []
    for training in config.runs():
        rng = np.random.default_rng(training.seed)
        noise = np.exp(0.01 * rng.normal(size=posterior.shape))
        letter = (posterior.cumsum(axis=1) < rng.random((len(digit), 1))).sum(axis=1)
        output = minimizer(posterior, training.gamma) * noise
        output /= output.sum(axis=1, keepdims=True)
        risk = np.array(bayes_risk(channel(), training.gamma).mean())
        steps = np.array([10, 20, 30])
        arrays = {"digit": digit, "letter": letter, "output": output, "steps": steps, "risk": risk}
        arrays["loss"] = risk + np.array([1.0, 0.5, 0.1]) + 0.01 * training.seed
        records.append(Record(CAMPAIGN, config.of(training), {}, 1.0, MADE, arrays))
    return records
