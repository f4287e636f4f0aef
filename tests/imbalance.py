"""Records of the imbalance design that are where theory puts them, made by formula and not by training."""

from __future__ import annotations

from functools import cache

import numpy as np

from focalbook.campaigns.agreement import Cells, cells
from focalbook.campaigns.contexts import contexts
from focalbook.campaigns.imbalance import CAMPAIGN
from focalbook.campaigns.record_imbalance import VARIANTS
from focalbook.store import Metric, Provenance, Record
from focalbook.theory.minimizer import minimizer

__all__ = ["made_cells", "made_records"]

MADE = Provenance("cpu", {}, None, None, "2026-01-01T00:00:00+00:00")

#: Spread of the log factor of a class of prevalence 1e-4; it falls with the root of the prevalence.
SPREAD = {"drawn": 0.03, "exact": 0.01, "exact, half": 0.01, "exact, quarter": 0.01}


@cache
def made_records(name: str) -> list[Record]:
    """Ten seeds of a variant: predictions with noise."""
    p, config, found = contexts(), VARIANTS[name], []
    for seed in config.seeds:
        rng = np.random.default_rng([seed, config.letters_per_image, config.training.steps])
        noise = SPREAD[name] * np.sqrt(1e-4 / p) * rng.normal(size=(len(config.gammas), *p.shape))
        output = np.array([np.log(minimizer(p, gamma) / p) for gamma in config.gammas]) + noise
        metrics = {
            f"{kind}_gamma{gamma:g}": Metric(0.01, np.nan, np.nan, 539)
            for kind in ("misread", "excess")
            for gamma in config.gammas
        }
        arrays = {"output": output, "recovered": noise}
        found.append(Record(CAMPAIGN, config.of(seed), metrics, 1.0, MADE, arrays))
    return found


@cache
def made_cells(name: str) -> Cells:
    """The same, collected."""
    return cells(made_records(name))
