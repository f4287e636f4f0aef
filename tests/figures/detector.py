"""Records of detector heads that are exactly at the minimiser, made by formula and not by training."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from scipy.special import logit

from focalbook.campaigns.detector_head import CAMPAIGN, DetectorHead, _metrics, posterior
from focalbook.store import Provenance, Record
from focalbook.theory.sigmoid import sigmoid_minimizer

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")


def exact_head(gamma: float = 2.0, alpha: float = 0.25, grid: int = 10) -> Record:
    """One record whose logits are those of the minimiser."""
    config = DetectorHead(gamma=gamma, alpha=alpha, grid=grid, seeds=(0,))
    centres = (np.arange(grid) + 0.5) / grid
    truth = posterior(np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2))
    target = sigmoid_minimizer(truth, gamma, alpha)
    logits = logit(target)
    metrics = _metrics(truth, logits, config)
    assert math.isclose(metrics["expected_found_recovered"].value, 1.0, rel_tol=1e-9)
    arrays = {"posterior": truth, "minimizer": target, "logits": logits}
    shaped = {name: values.reshape(grid, grid, 3) for name, values in arrays.items()}
    return Record(CAMPAIGN, dataclasses.asdict(config), metrics, 1.0, MADE, shaped)
