"""Invented records of networks with measured curvature, with known relations between their numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from focalbook.store import Metric, Provenance, Record
from focalbook.theory.curvature import logit_hessian_trace

__all__ = ["made", "run"]

CLASSES = 10


def run(gamma: float, seed: int, campaign: str = "made", **settings: Any) -> Record:
    """One run.

    The traces are those of GC-9 for 50 images whose wrong classes share equally, times the factor
    (1 + gamma) (1 + seed / 10); the largest eigenvalue is a tenth of the trace. The signed gap is
    0.05 - 0.02 gamma, ECE its size plus 0.001.
    """
    rng = np.random.default_rng([int(10 * gamma), seed])
    label = rng.uniform(0.05, 0.99, 50).astype(np.float16)
    q = np.repeat(((1 - label.astype(float)) / (CLASSES - 1))[:, None], CLASSES, axis=1)
    q[:, 0] = label
    place = (1 + gamma) * (1 + seed / 10)
    own, plain = (place * float(logit_hessian_trace(q, 0, g).mean()) for g in (gamma, 0.0))
    gap = 0.05 - 0.02 * gamma
    values = {
        "training loss": 0.01,
        "validation nll": 0.5,
        "test accuracy": 0.8,
        "test gap": gap,
        "test ece": abs(gap) + 0.001,
        "test nll": 0.5,
        "test ece, temperature": 0.02 + 0.001 * seed,
        "cross-entropy hessian trace": plain,
        "cross-entropy hessian top": plain / 10,
        "training loss hessian trace": own,
        "training loss hessian top": own / 10,
    }
    metrics = {name: Metric(v, 0.99 * v, 1.01 * v, 50) for name, v in values.items()}
    day = f"2026-01-{1 + seed:02d}T00:00:00+00:00"
    arrays = {"validation_true_class": label, "validation_confidence": label}
    configuration = {"data": "digits", "gamma": gamma, "seed": seed, "curvature_samples": 50} | settings
    return Record(campaign, configuration, metrics, 6.0, Provenance("cpu", {}, None, None, day), arrays)


def made(
    gammas: Iterable[float] = (0.0, 1.0, 2.0, 5.0), seeds: Iterable[int] = (0, 1, 2), **settings: Any
) -> list[Record]:
    """A run for each gamma and seed."""
    return [run(g, s, **settings) for s in seeds for g in gammas]
