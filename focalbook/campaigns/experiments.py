"""Experiments that campaigns can run, by name, and what a run is told about its surroundings."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from focalbook.io.names import nearest
from focalbook.store import Record

__all__ = ["EXPERIMENTS", "Experiment", "OutOfTimeError", "Surroundings", "experiment"]

#: Module of each experiment.
EXPERIMENTS = {
    "rehearsal": "focalbook.campaigns.rehearsal",
    "curvature": "focalbook.campaigns.curved",
    "training": "focalbook.campaigns.network",
}


class OutOfTimeError(RuntimeError):
    """A run that would not end within the budget and was given up.

    Parameters
    ----------
    expected : float
        Seconds that the whole run is expected to take.
    """

    def __init__(self, expected: float) -> None:
        super().__init__(f"the run is expected to take {expected:.0f} s")
        self.expected = expected


@dataclass(frozen=True)
class Surroundings:
    """What a run is told apart from its configuration; nothing here may change its outcome.

    Attributes
    ----------
    campaign : str
        Name of the campaign, for the record.
    device : str
        For example ``cpu`` or ``cuda``; ``auto`` takes the accelerator where there is one.
    data_folder : Path or None
        Where the data sets are; the default folder where None.
    compile : bool
        Compile networks.
    watch : callable
        Called as ``watch(done, total)`` after each epoch; may raise :class:`OutOfTimeError`.
    """

    campaign: str
    device: str = "auto"
    data_folder: Path | None = None
    compile: bool = False
    watch: Callable[[int, int], None] = lambda done, total: None


class Experiment(Protocol):
    """A module with these two functions."""

    def configure(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The complete configuration as JSON values; ValueError for a setting that it does not accept."""

    def execute(self, configuration: Mapping[str, Any], around: Surroundings) -> Record:
        """Carry out the run."""


def experiment(name: str) -> Experiment:
    """The module of an experiment.

    Raises
    ------
    ValueError
        Unknown name; the message says which known name is nearest.
    """
    if name not in EXPERIMENTS:
        hint = nearest(str(name), EXPERIMENTS)
        raise ValueError(f"unknown experiment {name!r}: expected one of {sorted(EXPERIMENTS)}{hint}")
    return importlib.import_module(EXPERIMENTS[name])
