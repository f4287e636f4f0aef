"""What records of networks with measured curvature say: cells, curves over gamma, paired ratios, provenance.

A cell holds the runs that differ in gamma and seed alone; everything is computed within a cell and paired by
seed. Any plan will do, and part of its runs: what is missing is left out and counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration import Estimate
from focalbook.campaigns.measures import over_seeds
from focalbook.campaigns.plan import Plan
from focalbook.store import Record

__all__ = [
    "CROSS_ENTROPY",
    "TRAINING_LOSS",
    "Cell",
    "backing",
    "cells",
    "curve",
    "differences",
    "direction",
    "ratios",
    "value_of",
]

Float = NDArray[np.float64]

#: Prefixes of the metrics of the two losses whose Hessian is measured.
CROSS_ENTROPY, TRAINING_LOSS = "cross-entropy hessian", "training loss hessian"


def _ratio(quantity: str) -> Callable[[Mapping[str, float]], float]:
    return lambda m: m[f"{TRAINING_LOSS} {quantity}"] / m[f"{CROSS_ENTROPY} {quantity}"]


#: Quantities that follow from the metrics of a record, by their names.
_DERIVED: dict[str, Callable[[Mapping[str, float]], float]] = {
    "test confidence": lambda m: m["test accuracy"] + m["test gap"],
    "test absolute gap": lambda m: abs(m["test gap"]),
    "trace ratio": _ratio("trace"),
    "top ratio": _ratio("top"),
}


def value_of(record: Record, name: str) -> float:
    """A metric of a record, or a quantity that follows from its metrics; NaN where it was not measured.

    Parameters
    ----------
    record : Record
    name : str
        A metric; ``gamma``; ``test confidence`` (mean), ``test absolute gap`` (of mean confidence and
        accuracy); ``trace ratio`` and ``top ratio`` (training loss over cross-entropy at the same weights).
    """
    if name == "gamma":
        return float(record.configuration["gamma"])
    if name in _DERIVED:
        try:
            return float(_DERIVED[name]({key: m.value for key, m in record.metrics.items()}))
        except KeyError:
            return float("nan")
    return record.metrics[name].value if name in record.metrics else float("nan")


@dataclass(frozen=True)
class Cell:
    """Runs that differ in gamma and seed alone.

    Attributes
    ----------
    name : str
        For readers.
    records : tuple of Record
    gammas : tuple of float
        Those that occur, in ascending order.
    seeds : tuple of int
        Those that occur, in ascending order.
    """

    name: str
    records: tuple[Record, ...]
    gammas: tuple[float, ...]
    seeds: tuple[int, ...]

    def table(self, name: str) -> Float:
        """A quantity of :func:`value_of`: shape (seeds, gammas), NaN where there is no such run."""
        found = np.full((len(self.seeds), len(self.gammas)), np.nan)
        for record in self.records:
            place = self.seeds.index(record.configuration["seed"])
            found[place, self.gammas.index(record.configuration["gamma"])] = value_of(record, name)
        return found

    def column(self, gamma: float) -> int:
        """Place of a gamma.

        Raises
        ------
        ValueError
            No run of the cell has it.
        """
        if gamma not in self.gammas:
            raise ValueError(f"{self.name}: no run has gamma = {gamma:g}, there are {self.gammas}.")
        return self.gammas.index(gamma)


def _key(configuration: Mapping[str, Any]) -> str:
    kept = {name: v for name, v in configuration.items() if name not in ("gamma", "seed")}
    return json.dumps(kept, sort_keys=True)


def cells(records: Sequence[Record], plan: Plan | None = None, title: str = "") -> list[Cell]:
    """Sort records into cells.

    Parameters
    ----------
    records : sequence of Record
        Each configuration holds ``gamma`` and ``seed``.
    plan : Plan, optional
        Gives the cells their order, and the names they have on its axes. Records that are no run of it are
        left out.
    title : str
        Put before each name.

    Returns
    -------
    list of Cell
        None for cells without a run. Without a plan they are named after the settings in which they differ.
    """
    if plan is not None:
        place = {run.id: number for number, run in enumerate(plan.runs)}
        records = sorted((r for r in records if r.id in place), key=lambda r: place[r.id])
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(_key(record.configuration), []).append(record)
    names = _names(groups, plan)
    return [
        Cell(
            ", ".join(part for part in (title, names[key]) if part) or "all runs",
            tuple(group),
            tuple(sorted({float(r.configuration["gamma"]) for r in group})),
            tuple(sorted({int(r.configuration["seed"]) for r in group})),
        )
        for key, group in groups.items()
    ]


def _names(groups: Mapping[str, Sequence[Record]], plan: Plan | None) -> dict[str, str]:
    if plan is not None:
        labels = {run.id: run.labels for run in plan.runs}
        return {
            key: ", ".join(v for axis, v in labels[group[0].id].items() if axis not in ("gamma", "seed"))
            for key, group in groups.items()
        }
    settings = {key: json.loads(key) for key in groups}
    shared = {name for s in settings.values() for name in s}
    differ = [n for n in sorted(shared) if len({json.dumps(s.get(n)) for s in settings.values()}) > 1]
    return {key: ", ".join(f"{n} {s.get(n)}" for n in differ) for key, s in settings.items()}


def _over(values: Float) -> Estimate:
    kept = values[np.isfinite(values)]
    return over_seeds(kept) if len(kept) else Estimate(np.nan, np.nan, np.nan, 0)


def curve(cell: Cell, name: str) -> list[Estimate]:
    """Mean over seeds of a quantity, for each gamma, with Student's interval (NaN for a single seed)."""
    return [_over(column) for column in cell.table(name).T]


def _paired(cell: Cell, table: Float) -> Float:
    """Rows less their entry at gamma = 0; NaN where that is missing."""
    if 0.0 not in cell.gammas:
        return np.full_like(table, np.nan)
    return table - table[:, [cell.column(0.0)]]


def _exp(value: float) -> float:
    return float(np.exp(value))


def ratios(cell: Cell, name: str) -> list[Estimate]:
    """A positive quantity over that of the run with gamma = 0 and the same seed, for each gamma.

    Returns
    -------
    list of Estimate
        Geometric means over seeds, with Student's interval of the mean logarithm. Values that are not
        positive are left out.
    """
    table = cell.table(name)
    logs = _paired(cell, np.log(np.where(table > 0, table, np.nan)))
    found = [_over(column) for column in logs.T]
    return [Estimate(_exp(e.value), _exp(e.low), _exp(e.high), e.n, e.level) for e in found]


def differences(cell: Cell, name: str) -> list[Estimate]:
    """A quantity less that of the run with gamma = 0 and the same seed, for each gamma: means over seeds."""
    return [_over(column) for column in _paired(cell, cell.table(name)).T]


def direction(
    estimate: Estimate,
    null: float = 0.0,
    words: tuple[str, str, str] = ("rises", "falls", "cannot be told"),
) -> str:
    """What an interval says: above `null`, below it, or (it holds `null`, or there is none) neither."""
    if estimate.low > null:
        return words[0]
    return words[1] if estimate.high < null else words[2]


def backing(records: Sequence[Record], plan: Plan | None = None) -> str:
    """How many runs and seeds stand behind something, on which devices, from when, in one sentence."""
    planned = "" if plan is None else f" of {len(plan.runs)}"
    if not records:
        return f"0{planned} runs stored."
    seeds = len({r.configuration["seed"] for r in records})
    days = sorted({r.provenance.created[:10] for r in records})
    dates = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    devices = ", ".join(sorted({r.provenance.device for r in records}))
    minutes = sum(r.seconds for r in records) / 60
    seed_word = "seed" if seeds == 1 else "seeds"
    return f"{len(records)}{planned} runs, {seeds} {seed_word}, {devices}, {dates}, {minutes:.1f} minutes."
