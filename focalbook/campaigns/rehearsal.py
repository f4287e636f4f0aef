"""An experiment that only takes time: for trying out a campaign's machinery before a device is at hand.

What it records follows from the configuration alone, so that a record tells whether it was damaged.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from focalbook.campaigns.experiments import Surroundings
from focalbook.store import Metric, Record, provenance

__all__ = ["configure", "execute"]

_DEFAULTS: dict[str, Any] = {
    "seed": 0,
    "gamma": 0.0,
    "epochs": 1,
    "seconds": 0.0,
    "size": 100,
    "fails": False,
}


def configure(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Complete the settings: seed, gamma, epochs, seconds of each epoch, size of the array, fails.

    Raises
    ------
    ValueError
        An unknown setting, or epochs below 1, or seconds that are not finite and at least 0.
    """
    if odd := sorted(set(settings) - set(_DEFAULTS)):
        raise ValueError(f"unknown setting {odd[0]!r} of a rehearsal; known are {', '.join(_DEFAULTS)}")
    full = _DEFAULTS | dict(settings)
    if full["epochs"] < 1 or full["size"] < 1:
        raise ValueError("epochs and size must be at least 1")
    if not (math.isfinite(full["seconds"]) and full["seconds"] >= 0):
        raise ValueError(f"seconds must be finite and at least 0, got {full['seconds']!r}")
    return full | {"gamma": float(full["gamma"]), "seconds": float(full["seconds"])}


def execute(configuration: Mapping[str, Any], around: Surroundings) -> Record:
    """Wait for as long as the configuration says and record numbers drawn with its seed.

    Raises
    ------
    FloatingPointError
        Where the configuration says that the run fails.
    """
    started = time.perf_counter()
    for epoch in range(configuration["epochs"]):
        time.sleep(configuration["seconds"])
        around.watch(epoch + 1, configuration["epochs"])
    if configuration["fails"]:
        raise FloatingPointError("the loss became nan, as the rehearsal was told")
    rng = np.random.default_rng([configuration["seed"], round(1000 * configuration["gamma"])])
    values = rng.random(configuration["size"])
    error = float(values.std() / math.sqrt(len(values)))
    metrics = {
        "mean": Metric(
            float(values.mean()), float(values.mean()) - error, float(values.mean()) + error, len(values)
        )
    }
    seconds = time.perf_counter() - started
    return Record(around.campaign, dict(configuration), metrics, seconds, provenance(), {"values": values})
