"""Parts of the calibration error by gamma; oracle: outputs made by formula, with a known direction."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.channel import channel
from focalbook.campaigns.recalibration import CAMPAIGN
from focalbook.figures import confidence_by_gamma
from focalbook.figures.style import figure
from focalbook.store import Provenance, Record
from focalbook.theory.minimizer import minimizer

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")


def made(power: float) -> list[Record]:
    """Exact minimisers for gamma 0 and 2, raised to a power: above one over-confident."""
    posterior = channel()[np.repeat(np.arange(10), 5)]
    return [
        Record(
            CAMPAIGN,
            {"training": {"gamma": gamma, "seed": seed}},
            {},
            1.0,
            MADE,
            {"logits": power * np.log(minimizer(posterior, gamma)), "posterior": posterior},
        )
        for gamma in (0.0, 2.0)
        for seed in (0, 1)
    ]


def test_directions_are_the_known_ones() -> None:
    found = confidence_by_gamma.data({"optimum": made(1.0), "sharp": made(4.0)})
    assert found.over.shape == (2, 2, 2)
    np.testing.assert_allclose(found.over[0, 0] + found.under[0, 0], 0, atol=1e-12)
    assert (found.under[0, 1] > 0.05).all()
    assert (found.over[1, 0] > 0.1).all()
    shown = figure(confidence_by_gamma.draw, found, alt="Bars above and below zero", ncols=2)
    assert shown.light != shown.dark
