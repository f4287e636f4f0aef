"""Image by image. Oracle: ratios of random models, which must lie between the two curves."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.two_regimes import CAMPAIGN, INTERPOLATION, TwoRegimes
from focalbook.figures import memorised_curvature
from focalbook.figures.style import figure
from focalbook.store import Provenance, Record
from focalbook.theory.curvature import logit_hessian_trace

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")


def random_records() -> list[Record]:
    config = TwoRegimes(regime=INTERPOLATION)
    q = np.random.default_rng(0).dirichlet(np.full(10, 0.3), 300)
    records = []
    for training in config.runs():
        arrays = {
            "label": q[:, 0],
            "focal": logit_hessian_trace(q, 0, training.gamma),
            "cross_entropy": logit_hessian_trace(q, 0, 0.0),
        }
        records.append(Record(CAMPAIGN, config.of(training), {}, 1.0, MADE, arrays))
    return records


def test_every_image_lies_between_the_curves() -> None:
    numbers = memorised_curvature.data(random_records(), points=4001)
    for k, (label, ratio) in enumerate(zip(numbers.label, numbers.ratio, strict=True)):
        inner = label > 0.01
        ends = np.stack(
            [np.interp(label[inner], numbers.q, c[k]) for c in (numbers.concentrated, numbers.spread)]
        )
        assert (ratio[inner] > ends.min(axis=0) - 1e-3).all()
        assert (ratio[inner] < ends.max(axis=0) + 1e-3).all()
        assert (ratio[label > numbers.crossing[k]] < 1).all()


def test_it_can_be_drawn() -> None:
    numbers = memorised_curvature.data(random_records(), points=51)
    shown = figure(memorised_curvature.draw, numbers, alt="Dots and curves", ncols=2)
    assert shown.light != shown.dark
