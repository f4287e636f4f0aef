"""The reduced experiment on recovery: networks trained while the book is built, with their logits at hand.

Beside the records of the plan, it tries the inverse map with other gammas than that of training: if recovery
helped for a trivial reason, because any sharpening does, the gamma would not matter.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration import Inverse, nll
from focalbook.campaigns.plan import Plan, load_plan
from focalbook.campaigns.single import record_of
from focalbook.store import Record
from focalbook.training import RunConfig, load_parts, train

__all__ = ["PLAN", "TRIED", "profile", "run_live", "trained"]

PLAN = "digits-recovery"
#: Gammas of the inverse map that are tried on every network.
TRIED = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
Float = NDArray[np.float64]


def profile(logits: Float, labels: NDArray[np.int64]) -> Float:
    """Log loss after recovery with each gamma of :data:`TRIED`; logits (n, K), labels (n,)."""
    return np.array([nll(Inverse(gamma).probabilities(logits), labels, resamples=0).value for gamma in TRIED])


def run_live(plan: Plan) -> list[Record]:
    """Carry out a small plan of the experiment ``training`` on the processor; nothing is written.

    Parameters
    ----------
    plan : Plan
        Every run a :class:`focalbook.training.RunConfig` with validation images.

    Returns
    -------
    list of Record
        As :func:`focalbook.campaigns.single.record_of` makes them, without bootstrap intervals, and with the
        arrays ``tried`` and ``tried_nll``: gammas of the inverse map, and the test log loss after each.
        Claim EX-5.
    """
    records = []
    for one in plan.runs:
        config = RunConfig.from_dict(one.configuration)
        data = load_parts(config, None)
        run = train(config, data, device="cpu", threads=1)
        record = record_of(run, data, campaign=plan.name, resamples=0)
        losses = profile(run.logits(data.test).double().numpy(), data.test.labels)
        arrays = record.arrays | {"tried": np.array(TRIED), "tried_nll": losses}
        records.append(dataclasses.replace(record, arrays=arrays))
    return records


@lru_cache(maxsize=1)
def trained() -> tuple[Record, ...]:
    """Records of the plan that comes with the package, trained once in each process."""
    return tuple(run_live(load_plan(PLAN)))
