"""A plan of two kinds of networks, and records of it whose numbers are known by formula."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.plan import Plan, Run, parse_plan
from focalbook.store import Metric, Provenance, Record

TEXT = """
name = "trial"
experiment = "training"
order = ["seed", "images", "gamma"]
[base]
data = "digits"
loss = "focal"
[axes]
seed = [0, 1, 2]
gamma = [0.0, 1.0, 2.0]
[[axes.images]]
label = "all"
epochs = 3
[[axes.images]]
label = "few"
epochs = 4
"""

#: Changes of the test log loss at gamma = 1, by cell: temperature, recovered, both. They grow with gamma.
CHANGES = {"all": (-0.02, -0.05, -0.06), "few": (-0.30, 0.40, -0.25)}
#: Logarithms of the fitted temperatures at gamma = 1: as it is, recovered.
LOGS = {"all": (-0.4, 0.1), "few": (0.2, 0.9)}


def plan() -> Plan:
    """Two cells, three gammas, three seeds."""
    return parse_plan(TEXT)


def _metric(value: float) -> Metric:
    return Metric(float(value), np.nan, np.nan, 100)


def record(run: Run, day: int = 1) -> Record:
    """The record of a run; seeds differ by a hundredth, and changes by a thousandth."""
    cell, gamma = run.labels["images"], float(run.configuration["gamma"])
    seed = int(run.configuration["seed"])
    names = ("", ", temperature", ", recovered", ", recovered, temperature")
    metrics = {}
    for score in ("test nll", "test brier", "test ece", "test gap", "validation nll"):
        for name, change in zip(names, (0.0, *CHANGES[cell]), strict=True):
            moved = gamma * change + (0.001 * (seed - 1) if name else 0.0)
            metrics[score + name] = _metric(1 + 0.01 * seed + 0.1 * gamma + moved)
    for name in names:
        metrics["test accuracy" + name] = _metric(0.5 + 0.01 * seed)
    for name, log in zip(("temperature", "recovered, temperature"), LOGS[cell], strict=True):
        metrics[f"fitted {name}"] = _metric(np.exp(gamma * log + 0.001 * seed))
    if gamma == 0:
        metrics = {name: m for name, m in metrics.items() if "recovered" not in name}
    made = Provenance("cpu", {}, None, None, f"2026-01-0{day}T00:00:00+00:00")
    confidence = np.array([0.05, 0.35, 0.38, 0.95], dtype=np.float16)
    arrays = {"test_confidence": confidence, "test_correct": np.array([False, True, False, True])}
    if gamma > 0:
        bins = np.full((3, 15), np.nan, dtype=np.float32)
        bins[0] = 0
        bins[:, 14] = (4, 0.97, 0.5)
        arrays |= {"reliability_recovered": bins, "reliability_recovered_temperature": bins}
    arrays |= {"tried": np.array([0.0, 1.0, 2.0, 4.0])}
    arrays |= {"tried_nll": 1 + (np.array([0.0, 1.0, 2.0, 4.0]) - gamma) ** 2 + 0.01 * seed}
    return Record("trial", run.configuration, metrics, 1.0, made, arrays)


def records(keep: slice = slice(None)) -> list[Record]:
    """Records of the runs of the plan, or of some."""
    return [record(run, 1 + number % 2) for number, run in enumerate(plan().runs)][keep]
